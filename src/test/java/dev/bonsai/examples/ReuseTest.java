package dev.bonsai.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonParser;
import dev.bonsai.examples.data.SmallData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What an earlier run left is taken up by the same run, and never by another. */
public class ReuseTest {

    private static final String REUSED = "Dense network of an earlier run";

    private Path folder;
    private Path data;
    private Path others;
    private Path out;

    @BeforeMethod
    public void makeFolders() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        data = SmallData.write(folder.resolve("data"), 1);
        others = SmallData.write(folder.resolve("others").resolve("data"), 2);
        out = folder.resolve("out");
    }

    private CommandRun run(String command, Path images, String... more) {
        List<String> args = new ArrayList<>(List.of(command, "--network", "tiny"));
        args.addAll(List.of("--data", images.toString(), "--out", out.toString()));
        args.addAll(List.of(more));
        return CommandRun.of(args.toArray(new String[0]));
    }

    private CommandRun search(Path images, String trials, String... more) {
        List<String> args = new ArrayList<>(List.of("--trials", trials));
        args.addAll(List.of(more));
        if (!args.contains("--dense-epochs")) {
            args.addAll(List.of("--dense-epochs", "1"));
        }
        return run("search", images, args.toArray(new String[0]));
    }

    private static String done(CommandRun run) {
        assertEquals(run.status(), 0, run.err());
        return run.out();
    }

    private static void assertRefused(CommandRun run, String part) {
        assertEquals(run.status(), 2, run.out() + run.err());
        assertEquals(run.err().lines().count(), 1, run.err());
        assertTrue(run.err().contains(part), run.err());
        assertFalse(run.out().contains("epoch"), "nothing was trained: " + run.out());
    }

    @DataProvider
    public Object[][] commands() {
        return new Object[][] {
            {"search", List.of("--trials", "1"), "--seed"},
            {"strategies", List.of("--only", "int8", "--epochs", "1"), "--seeds"},
        };
    }

    @Test(dataProvider = "commands")
    public void theDenseNetworkIsReusedBySameSettingsOnly(
            String command, List<String> options, String seed) {
        List<String> same = new ArrayList<>(options);
        same.addAll(List.of("--dense-epochs", "1", seed, "1"));
        String[] args = same.toArray(new String[0]);
        assertFalse(done(run(command, data, args)).contains(REUSED));
        assertTrue(done(run(command, data, args)).contains(REUSED));
        assertRefused(run(command, others, args), "the fingerprint of the data set was ");
        same.set(same.indexOf("--dense-epochs") + 1, "2");
        assertRefused(
                run(command, data, same.toArray(new String[0])),
                "the number of dense epochs was 1 and is now 2");
    }

    @Test
    public void theJournalKnowsDataSeedAndDenseEpochs() throws Exception {
        done(search(data, "1"));
        Files.delete(out.resolve(DenseFile.ORIGIN)); // so that only the journal could tell
        assertRefused(search(others, "2"), "the fingerprint of the data set was ");
        assertRefused(search(data, "2", "--dense-epochs", "2"), "the number of dense epochs was ");
        assertRefused(search(data, "2", "--seed", "2"), "the seed was 1 and is now 2");
        done(search(data, "2"));
    }

    @DataProvider
    public Object[][] losses() {
        return new Object[][] {{"deleted"}, {"foreign"}, {"emptied"}};
    }

    @Test(dataProvider = "losses")
    public void aBestFileThatWasLostIsMadeAgain(String loss) throws Exception {
        done(search(data, "1"));
        Path best = out.resolve("best.bonsai");
        byte[] bytes = Files.readAllBytes(best);
        switch (loss) {
            case "deleted" -> Files.delete(best);
            case "foreign" -> Files.write(best, new byte[bytes.length]);
            default -> Files.write(best, new byte[0]);
        }
        String said = done(search(data, "1"));
        assertTrue(said.contains("is run again"), said);
        assertEquals(Files.readAllBytes(best), bytes, "the same trial gives the same file");
        assertFalse(done(search(data, "1")).contains("is run again"));
    }

    @Test
    public void theTimeOfEarlierTrialsCountsTowardsTheMinutes() throws Exception {
        done(search(data, "1"));
        Path journal = out.resolve("journal.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(journal));
        lines.set(1, withMillis(lines.get(1), 120_000));
        Files.write(journal, lines);
        assertTrue(done(search(data, "2", "--minutes", "2")).contains("time is spent"));
        assertEquals(Files.readAllLines(journal), lines, "no further trial");
        assertTrue(done(search(data, "2", "--minutes", "3")).contains("trials is spent"));
        assertEquals(Files.readAllLines(journal).size(), lines.size() + 1);
        lines.set(1, withMillis(lines.get(1), -120_000));
        Files.write(journal, lines);
        assertRefused(search(data, "2", "--minutes", "1"), "A trial takes some time");
    }

    private static String withMillis(String line, long millis) {
        String open = line.replaceAll("\"millis\":-?\\d+,\"crc32.*", "\"millis\":" + millis);
        CRC32 crc = new CRC32();
        crc.update(open.getBytes(UTF_8));
        return open + ",\"crc32\":\"" + HexFormat.of().toHexDigits((int) crc.getValue()) + "\"}";
    }

    @Test
    public void aJournalThatIsNoneIsRefusedBeforeAnyTraining() throws Exception {
        Files.createDirectories(out);
        Files.writeString(out.resolve("journal.jsonl"), "notes\n");
        assertRefused(search(data, "1"), "this is none");
    }

    @Test
    public void strategiesHaveFileNamesThatEverySystemTakesAndRealLengths() throws Exception {
        String said =
                done(
                        run(
                                "strategies",
                                data,
                                "--only",
                                "2:4,fp16",
                                "--epochs",
                                "1",
                                "--dense-epochs",
                                "1"));
        Path own = out.resolve("seed-1");
        try (Stream<Path> files = Files.list(own)) {
            files.forEach(
                    file ->
                            assertTrue(
                                    file.getFileName().toString().matches("[A-Za-z0-9._=-]+"),
                                    file.toString()));
        }
        assertTrue(Files.exists(own.resolve("2-4.bonsai")), said);
        String bytes =
                String.format(Locale.ROOT, "%,d", Files.size(own.resolve(DenseFile.PARAMETERS)));
        String row = said.lines().filter(line -> line.startsWith("| dense |")).findFirst().get();
        assertTrue(row.contains("| " + bytes + " |"), row);
    }

    /** Returns the number of the last epoch that was printed before each line of the gate. */
    private static List<Integer> epochsBeforeEachVerdict(String said) {
        List<Integer> epochs = new ArrayList<>();
        int epoch = 0;
        for (String line : said.lines().toList()) {
            if (line.matches("epoch +\\d+ of 3 .*")) {
                epoch = Integer.parseInt(line.split(" +", -1)[1]);
            } else if (line.startsWith("  gate: ")) {
                epochs.add(epoch);
            }
        }
        return epochs;
    }

    private List<Integer> epochsOfTrials() throws Exception {
        List<Integer> epochs = new ArrayList<>();
        JsonParser.parseString(Files.readString(out.resolve("report.json")))
                .getAsJsonObject()
                .getAsJsonArray("trials")
                .forEach(trial -> epochs.add(trial.getAsJsonObject().get("epoch").getAsInt()));
        return epochs;
    }

    @Test
    public void whatIsPrintedIsALineForEachEpochAndEachVerdict() throws Exception {
        List<String> args =
                List.of(
                        "--network",
                        "tiny",
                        "--data",
                        data.toString(),
                        "--out",
                        out.toString(),
                        "--dense-epochs",
                        "2",
                        "--epochs",
                        "3",
                        "--max-drop",
                        "0.5");
        String said = done(CommandRun.of(args.toArray(new String[0])));
        List<String> epochs = said.lines().filter(line -> line.startsWith("epoch ")).toList();
        assertEquals(epochs.stream().filter(line -> line.contains(" of 2 ")).count(), 2, said);
        assertEquals(epochs.stream().filter(line -> line.contains(" of 3 ")).count(), 3, said);
        assertTrue(epochs.get(4).contains("zeros, "), said);
        int verdicts =
                JsonParser.parseString(Files.readString(out.resolve("report.json")))
                        .getAsJsonObject()
                        .getAsJsonArray("trials")
                        .size();
        assertEquals(
                said.lines().filter(line -> line.startsWith("  gate: ")).count(), verdicts, said);
        assertEquals(epochsBeforeEachVerdict(said), epochsOfTrials(), said);
        assertFalse(said.contains("\r") || said.contains("\u2588"), "no bars: " + said);
        assertFalse(said.contains("NaN"), said);
    }
}
