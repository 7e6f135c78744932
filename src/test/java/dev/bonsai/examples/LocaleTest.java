package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;

import dev.bonsai.examples.data.SmallData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What the commands print and write is the same whatever the default locale is. */
public class LocaleTest {

    /** Of a plain run: what the library itself prints has tests of its own. */
    private static final String OWN = "(epoch |dense |compressed |tiny |Compression to ).*";

    private static final List<Locale> LOCALES =
            List.of(
                    Locale.GERMANY,
                    Locale.forLanguageTag("ar-EG-u-nu-arab"),
                    Locale.forLanguageTag("th-TH-u-nu-thai"),
                    Locale.forLanguageTag("tr-TR"));

    private final Locale before = Locale.getDefault();
    private Path folder;
    private Path data;

    @BeforeClass
    public void makeData() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        data = SmallData.write(folder.resolve("data"), 1);
    }

    @AfterClass(alwaysRun = true)
    public void restore() {
        Locale.setDefault(before);
    }

    @DataProvider
    public Object[][] commands() {
        return new Object[][] {
            {List.of("--epochs", "2"), OWN},
            {List.of("search", "--trials", "1"), "(trial |[*]| |epoch ).*[0-9].*"},
            {List.of("strategies", "--only", "int8,magnitude", "--epochs", "1"), "(seed |[|]).*"},
            {List.of("search", "--trials", "x"), ".*"},
            {List.of("--sparsity", "2"), ".*"},
        };
    }

    @Test(dataProvider = "commands")
    public void everyLocaleGivesTheSameText(List<String> command, String own) throws Exception {
        String expected = run(Locale.ROOT, command, own);
        for (Locale locale : LOCALES) {
            assertEquals(run(locale, command, own), expected, locale.toString());
        }
    }

    private String run(Locale locale, List<String> command, String own) throws Exception {
        Path out = Files.createTempDirectory(folder, "out");
        List<String> args = new ArrayList<>(command);
        args.addAll(List.of("--network", "tiny", "--data", data.toString()));
        args.addAll(List.of("--dense-epochs", "1", "--out", out.toString()));
        Locale.setDefault(locale);
        try {
            CommandRun run = CommandRun.of(args.toArray(new String[0]));
            StringBuilder text = new StringBuilder();
            if (run.status() != 0) { // else there are but logs
                text.append(run.err());
            }
            run.out()
                    .lines()
                    .filter(line -> line.matches(own))
                    .filter(line -> !line.startsWith("  gate:")) // levels are the techniques' text
                    .filter(line -> !line.contains(" h, ")) // a time
                    .map(line -> line.replaceAll("  \\d+ (s|min) to go", ""))
                    .forEach(line -> text.append(line).append('\n'));
            for (String file : List.of("dense.json", "journal.jsonl")) {
                if (Files.exists(out.resolve(file))) {
                    text.append(Files.readString(out.resolve(file)).lines().findFirst().get());
                }
            }
            return text.toString().replace(out.toString(), "OUT");
        } finally {
            Locale.setDefault(before);
        }
    }
}
