package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.examples.data.SmallData;
import dev.bonsai.report.RunEnvironment;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What can't be done is refused before anything is trained, in one line that says what to do. */
public class MisuseTest {

    private static final List<String> COMMANDS = List.of("", "search", "strategies");

    private Path folder;
    private Path data;
    private Path dense;

    @BeforeClass
    public void makeFolders() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        data = SmallData.write(folder.resolve("data"), 1);
        dense = folder.resolve("dense");
        CommandRun run = run("--dense-epochs", "1", "--epochs", "1", "--out", dense.toString());
        assertEquals(run.status(), 0, run.err());
    }

    /** Runs the example on the small data with the smallest network. */
    private CommandRun run(String... more) {
        List<String> args = new ArrayList<>(List.of("--network", "tiny"));
        args.addAll(List.of("--data", data.toString()));
        args.addAll(List.of(more));
        return CommandRun.of(args.toArray(new String[0]));
    }

    private static void assertRefused(CommandRun run, String part) {
        assertEquals(run.status(), 2, run.out() + run.err());
        assertEquals(run.err().lines().count(), 1, run.err());
        assertTrue(run.err().contains(part), run.err());
        assertFalse(run.out().contains("epoch"), "nothing was trained: " + run.out());
    }

    private static String[] args(String command, String... rest) {
        List<String> args = new ArrayList<>(command.isEmpty() ? List.of() : List.of(command));
        args.addAll(List.of(rest));
        return args.toArray(new String[0]);
    }

    @DataProvider
    public Object[][] numbers() {
        List<Object[]> cases = new ArrayList<>();
        String[][] options = {
            {"", "--epochs", "from 1"},
            {"", "--dense-epochs", "from 1"},
            {"", "--seed", "from 0"},
            {"", "--bits", "from 2"},
            {"search", "--minutes", "from 1"},
            {"search", "--trials", "from 1"},
            {"search", "--goal-bytes", "from 1"},
            {"search", "--dense-epochs", "from 1"},
            {"strategies", "--epochs", "from 1"},
            {"strategies", "--seeds", "from 0"},
        };
        for (String[] option : options) {
            for (String value : List.of("0", "-1", "-2147483648", "99999999999", "1.5", "", "x")) {
                if (!(value.equals("0") && option[2].equals("from 0"))) {
                    cases.add(new Object[] {option[0], option[1], value, option[2]});
                }
            }
        }
        return cases.toArray(new Object[0][]);
    }

    @Test(dataProvider = "numbers")
    public void numbersOutOfRangeAreRefused(
            String command, String option, String value, String part) {
        assertRefused(CommandRun.of(args(command, option + "=" + value)), part);
    }

    @Test
    public void aPresetWithoutSettingsForTheNetworkIsRefused() {
        CommandRun run = CommandRun.of("--network", "resnet8", "--preset", "smallest");
        assertRefused(run, "--preset: there is no smallest for resnet8: use small");
        run = CommandRun.of("--network", "nano");
        assertRefused(run, "--preset: there is no standard for nano: use smallest");
    }

    @DataProvider
    public Object[][] optionsBefore() {
        return new Object[][] {
            {"search", "--network", "tiny"},
            {"search", "--seed", "3"},
            {"search", "--out", "here"},
            {"strategies", "--epochs", "3"},
            {"strategies", "--preset", "small"},
            {"strategies", "--data", "there"},
        };
    }

    @Test(dataProvider = "optionsBefore")
    public void optionsBeforeASubcommandAreRefusedAndNotDropped(
            String command, String option, String value) {
        CommandRun run = CommandRun.of(option, value, command);
        assertRefused(run, option + " before '" + command + "'");
        assertTrue(run.err().contains("move them"), run.err());
    }

    @DataProvider
    public Object[][] misspelt() {
        return new Object[][] {
            {"", "--sede", "--seed"},
            {"", "--max-drp", "--max-drop"},
            {"search", "--goal-byte", "--goal-bytes"},
            {"strategies", "--onyl", "--only"},
            {"", "serach", "search"},
        };
    }

    @Test(dataProvider = "misspelt")
    public void misspeltOptionsComeWithASuggestion(String command, String wrong, String right) {
        CommandRun run = CommandRun.of(args(command, wrong));
        assertRefused(run, "did you mean ");
        assertTrue(run.err().substring(run.err().indexOf("mean")).contains(right), run.err());
    }

    @DataProvider
    public Object[][] helpAndVersion() {
        List<Object[]> cases = new ArrayList<>();
        for (String command : COMMANDS) {
            cases.add(new Object[] {command, "-h", "--network"});
            cases.add(new Object[] {command, "--help", "--network"});
            cases.add(new Object[] {command, "-V", "Bonsai " + RunEnvironment.bonsaiVersion()});
            cases.add(
                    new Object[] {
                        command, "--version", "Bonsai " + RunEnvironment.bonsaiVersion()
                    });
        }
        return cases.toArray(new Object[0][]);
    }

    @Test(dataProvider = "helpAndVersion")
    public void helpAndVersionAreShown(String command, String option, String part) {
        CommandRun run = CommandRun.of(args(command, option));
        assertEquals(run.status(), 0, run.err());
        assertTrue(run.out().contains(part), run.out());
    }

    @Test
    public void theVersionIsThePoms() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = RunEnvironment.bonsaiVersion();
        // an IDE compiles without writing the version down
        assertTrue(
                version.equals("unknown") || pom.contains("<version>" + version + "</version>"),
                version);
    }

    @DataProvider
    public Object[][] contradictions() {
        return new Object[][] {
            {List.of("--dataset", "digits", "--data", "there"), "leave the other out"},
            {
                List.of("--dense", "there", "--dense-epochs", "3", "--checkpoints", "here"),
                "in a run of its own"
            },
            {List.of("strategies", "--seeds", "1,2,1"), "each seed once"},
            {
                List.of(
                        "--network nano --preset smallest --dense there --dense-epochs 3"
                                .split(" ")),
                "it can't be trained on: leave it out"
            },
        };
    }

    @Test(dataProvider = "contradictions")
    public void optionsOfWhichOneWouldHaveNoEffectAreRefused(List<String> args, String part) {
        assertRefused(CommandRun.of(args.toArray(new String[0])), part);
    }

    @DataProvider
    public Object[][] badFolders() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "text");
        Path taken = folder.resolve("taken");
        List<Object[]> cases = new ArrayList<>();
        for (String command : COMMANDS) {
            cases.add(new Object[] {command, file});
            cases.add(new Object[] {command, file.resolve("below")});
            if (Files.isDirectory(Path.of("/proc"))) { // where even root can't make a folder
                cases.add(new Object[] {command, Path.of("/proc/bonsai")});
            }
        }
        Files.createDirectories(taken.resolve("model.bonsai"));
        cases.add(new Object[] {"", taken});
        Files.createDirectories(taken.resolve("journal.jsonl"));
        cases.add(new Object[] {"search", taken});
        Path locked = Files.createDirectories(folder.resolve("locked"));
        if (locked.toFile().setWritable(false) && !Files.isWritable(locked)) { // root may write
            cases.add(new Object[] {"", locked});
        }
        return cases.toArray(new Object[0][]);
    }

    @Test(dataProvider = "badFolders")
    public void aFolderThatCanNotBeWrittenIsRefused(String command, Path out) {
        assertRefused(
                CommandRun.of(args(command, "--data", data.toString(), "--out", out.toString())),
                "--out: expected ");
    }

    /** Copies the dense network and returns the copy. */
    private Path copy(String name) throws Exception {
        Path copy = Files.createDirectories(folder.resolve(name));
        for (String file : List.of(DenseFile.PARAMETERS, DenseFile.ORIGIN)) {
            Files.write(copy.resolve(file), Files.readAllBytes(dense.resolve(file)));
        }
        return copy;
    }

    private void assertDenseRefused(Path from, String part) {
        Path out = folder.resolve("out");
        assertRefused(
                run("--dense", from.toString(), "--epochs", "1", "--out", out.toString()), part);
    }

    @Test
    public void aFolderWithoutADenseNetworkIsRefused() throws Exception {
        assertDenseRefused(folder.resolve("nowhere"), "expected the --out of an earlier run");
        assertDenseRefused(data, "expected the --out of an earlier run");
        for (String file : List.of(DenseFile.PARAMETERS, DenseFile.ORIGIN)) {
            Path copy = copy("without " + file);
            Files.delete(copy.resolve(file));
            assertDenseRefused(copy, "expected the --out of an earlier run");
        }
    }

    @Test
    public void damagedParametersAreRefused() throws Exception {
        Path copy = copy("damaged");
        Path file = copy.resolve(DenseFile.PARAMETERS);
        byte[] whole = Files.readAllBytes(file);
        for (int i : new int[] {0, whole.length / 2, whole.length - 1}) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            assertDenseRefused(copy, "is not the file that was written");
        }
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(whole.length - 1);
        }
        assertDenseRefused(copy, "is not the file that was written");
    }

    @Test
    public void aDamagedOriginIsRefused() throws Exception {
        Path copy = copy("origin");
        String origin = Files.readString(copy.resolve(DenseFile.ORIGIN));
        List<String> texts =
                List.of(
                        "",
                        "{}",
                        "null",
                        "[]",
                        "{\"origin\":1}",
                        "\u0000\u0001",
                        origin.substring(0, origin.length() / 2),
                        origin + " ".repeat(100_000));
        for (String text : texts) {
            Files.writeString(copy.resolve(DenseFile.ORIGIN), text);
            assertDenseRefused(copy, "can't be used");
        }
    }

    @Test
    public void theDenseNetworkOfAnotherNetworkOrOfOtherImagesIsRefused() throws Exception {
        Path out = folder.resolve("other");
        assertRefused(
                CommandRun.of(
                        "--network",
                        "lenet300",
                        "--data",
                        data.toString(),
                        "--dense",
                        dense.toString(),
                        "--out",
                        out.toString()),
                "the network was tiny and is now lenet300");
        // of the same name and size, and yet others
        Path others = SmallData.write(folder.resolve("more").resolve("data"), 2);
        assertRefused(
                CommandRun.of(
                        "--network",
                        "tiny",
                        "--data",
                        others.toString(),
                        "--dense",
                        dense.toString(),
                        "--out",
                        out.toString()),
                "the fingerprint of the data set was ");
    }
}
