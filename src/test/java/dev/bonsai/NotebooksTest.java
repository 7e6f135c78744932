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
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The notebooks as they are stored; that they run is seen by running them. */
public class NotebooksTest {

    private static final long MAX_BYTES = 600_000;

    @DataProvider
    public Object[][] notebooks() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("notebooks"))) {
            List<Path> found = files.filter(f -> f.toString().endsWith(".ipynb")).sorted().toList();
            assertTrue(found.size() >= 2, "" + found);
            return found.stream().map(f -> new Object[] {f}).toArray(Object[][]::new);
        }
    }

    private static JsonArray cells(Path notebook) throws IOException {
        return JsonParser.parseString(Files.readString(notebook))
                .getAsJsonObject()
                .getAsJsonArray("cells");
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
