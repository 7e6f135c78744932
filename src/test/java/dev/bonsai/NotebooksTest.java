package dev.bonsai;

import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The notebooks as they are stored; that they run is seen by running them. */
public class NotebooksTest {

    private static final long MAX_BYTES = 600_000;

    /** Of one output, such as a chart. */
    private static final long MAX_OUTPUT = 60_000;

    /** What a screen shows of a cell. */
    private static final int MAX_LINES = 45;

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    @DataProvider
    public Object[][] notebooks() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("notebooks"))) {
            List<Path> found = files.filter(f -> f.toString().endsWith(".ipynb")).sorted().toList();
            assertTrue(found.size() >= 6, "" + found);
            return found.stream().map(f -> new Object[] {f}).toArray(Object[][]::new);
        }
    }

    private static JsonArray cells(Path notebook) throws IOException {
        return JsonParser.parseString(Files.readString(notebook))
                .getAsJsonObject()
                .getAsJsonArray("cells");
    }

    private static String source(JsonElement cell) {
        return StreamSupport.stream(
                        cell.getAsJsonObject().getAsJsonArray("source").spliterator(), false)
                .map(JsonElement::getAsString)
                .collect(Collectors.joining());
    }

    @Test(dataProvider = "notebooks")
    public void itSaysWhatItNeedsAndWhereToGoNext(Path notebook) throws IOException {
        JsonArray cells = cells(notebook);
        String top = source(cells.get(0));
        for (String part : new String[] {"# ", "It needs", "It takes", "install-kernel"}) {
            assertTrue(top.contains(part), notebook + " doesn't say at its top: " + part);
        }
        String end = source(cells.get(cells.size() - 1));
        assertTrue(end.startsWith("## What now?"), notebook + " ends with " + end);
        String readme = Files.readString(Path.of("notebooks/README.md"));
        assertTrue(readme.contains("(" + notebook.getFileName() + ")"), notebook + " isn't listed");
    }

    @Test(dataProvider = "notebooks")
    public void aCellFitsOnAScreenAndAnOutputIsSmall(Path notebook) throws IOException {
        for (JsonElement cell : cells(notebook)) {
            String source = source(cell);
            assertTrue(source.lines().count() <= MAX_LINES, notebook + " has a cell of " + source);
            JsonElement outputs = cell.getAsJsonObject().get("outputs");
            if (outputs != null) {
                for (JsonElement output : outputs.getAsJsonArray()) {
                    int size = output.toString().length();
                    assertTrue(size <= MAX_OUTPUT, notebook + ": " + size + " below " + source);
                }
            }
        }
    }

    @Test(dataProvider = "notebooks")
    public void itsLinksLeadToFiles(Path notebook) throws IOException {
        for (JsonElement cell : cells(notebook)) {
            JsonObject text = cell.getAsJsonObject();
            if (text.get("cell_type").getAsString().equals("markdown")) {
                Matcher link = LINK.matcher(source(cell));
                while (link.find()) {
                    Path target = notebook.resolveSibling(link.group(1));
                    assertTrue(Files.exists(target), notebook + ": " + link.group(1));
                }
            }
        }
    }

    @Test(dataProvider = "notebooks")
    public void outputsOfARealRunAreStoredAndNoneIsAnError(Path notebook) throws IOException {
        int outputs = 0;
        for (JsonElement cell : cells(notebook)) {
            JsonObject code = cell.getAsJsonObject();
            if (code.get("cell_type").getAsString().equals("code")) {
                for (JsonElement output : code.getAsJsonArray("outputs")) {
                    ++outputs;
                    String type = output.getAsJsonObject().get("output_type").getAsString();
                    assertFalse(type.equals("error"), notebook + ": " + output);
                }
            }
        }
        assertTrue(outputs >= 5, notebook + " has " + outputs + " outputs");
    }

    @Test(dataProvider = "notebooks")
    public void nothingOfTheMachineIsLeftInIt(Path notebook) throws IOException {
        String text = Files.readString(notebook);
        for (String trace : new String[] {"/root/", "/tmp/", "/home/", "SLF4J", "WARN"}) {
            assertFalse(text.contains(trace), notebook + " contains " + trace);
        }
        assertTrue(text.length() < MAX_BYTES, notebook + " has " + text.length() + " characters");
    }
}
