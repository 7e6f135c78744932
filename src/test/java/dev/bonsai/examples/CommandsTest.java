package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bonsai.file.BonsaiFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** The presets and the further commands of the example, on the bundled digits. */
public class CommandsTest {

    private static final String[] TINY = {"--dataset", "digits", "--network", "tiny"};

    private Path folder;

    @BeforeClass
    public void makeFolder() throws Exception {
        folder = Files.createTempDirectory("bonsai");
    }

    private static CommandRun run(List<String> before, String... after) {
        return CommandRun.of(
                Stream.of(before.stream(), Stream.of(TINY), Stream.of(after))
                        .flatMap(args -> args)
                        .toArray(String[]::new));
    }

    @Test
    public void theSmallPresetIsSmallerThanTheStandardOne() throws Exception {
        Map<Preset, Long> bytes = new EnumMap<>(Preset.class);
        for (Preset preset : List.of(Preset.STANDARD, Preset.SMALL)) {
            Path out = folder.resolve(preset.toString());
            CommandRun run =
                    run(
                            List.of(),
                            "--preset",
                            preset.toString(),
                            "--dense-epochs",
                            "3",
                            "--epochs",
                            "8",
                            "--max-drop",
                            "0.1",
                            "--out",
                            out.toString());
            assertEquals(run.status(), 0, run.err());
            bytes.put(preset, Files.size(out.resolve("model.bonsai")));
        }
        assertTrue(bytes.get(Preset.SMALL) < bytes.get(Preset.STANDARD), bytes.toString());
    }

    /** A dense network is trained on, loses channels, and its files are compared. */
    @Test
    public void channelsAreTakenOut() throws Exception {
        List<String> dense = List.of();
        for (Preset preset : List.of(Preset.THIN, Preset.FAST)) {
            Path out = folder.resolve(preset + " channels");
            List<String> options = new ArrayList<>(dense);
            options.addAll(
                    List.of(
                            "--preset",
                            preset.toString(),
                            "--dense-epochs",
                            "1",
                            "--epochs",
                            "3",
                            "--sparsity",
                            "0.2",
                            "--max-drop",
                            "0.3",
                            "--out",
                            out.toString()));
            CommandRun run = run(List.of(), options.toArray(String[]::new));
            assertEquals(run.status(), 0, run.err());
            for (String part :
                    List.of(
                            " saved 0.2000",
                            "multiply-adds ->",
                            "the fastest",
                            "DJL, toBlock()",
                            "plain Java")) {
                assertTrue(run.out().contains(part), part + " in " + run.out());
            }
            String origin = Files.readString(out.resolve("dense.json"));
            assertEquals(origin.contains("1 epochs more"), !dense.isEmpty(), origin);
            dense = List.of("--dense", out.toString());
        }
    }

    @Test
    public void aSearchMeetsItsGoalAndGoesOnFromItsJournal() throws Exception {
        Path out = folder.resolve("search");
        String[] options = {
            "--goal-bytes", "6000", "--dense-epochs", "2", "--trials", "2", "--out", out.toString()
        };
        CommandRun first = run(List.of("search"), options);
        assertEquals(first.status(), 0, first.err());
        Path best = out.resolve("best.bonsai");
        assertTrue(BonsaiFile.ledger(best).total() <= 6000, first.out());
        assertTrue(BonsaiFile.read(best).graph().isPresent(), "also of a trial after the first");
        List<String> journal = Files.readAllLines(out.resolve("journal.jsonl"));
        options[5] = "3";
        CommandRun second = run(List.of("search"), options);
        assertEquals(second.status(), 0, second.err());
        List<String> longer = Files.readAllLines(out.resolve("journal.jsonl"));
        assertEquals(longer.subList(0, journal.size()), journal, "what was tried stays");
        assertEquals(longer.size(), journal.size() + 1);
        JsonObject result =
                JsonParser.parseString(Files.readString(out.resolve("search.json")))
                        .getAsJsonObject();
        assertFalse(result.getAsJsonArray("front").isEmpty(), result.toString());
    }

    @Test
    public void strategiesArePutInATable() {
        CommandRun run =
                run(
                        List.of("strategies"),
                        "--only",
                        "int4,sharing-4",
                        "--seeds",
                        "1,2",
                        "--dense-epochs",
                        "2",
                        "--epochs",
                        "2",
                        "--out",
                        folder.resolve("strategies").toString());
        assertEquals(run.status(), 0, run.err());
        assertEquals(run.out().lines().filter(line -> line.startsWith("| int4 |")).count(), 1);
        assertEquals(run.out().lines().filter(line -> line.startsWith("seed ")).count(), 4);
    }

    @Test
    public void anUnknownStrategyIsOneLineAndStatusTwo() {
        CommandRun run = run(List.of("strategies"), "--only", "magic");
        assertEquals(run.status(), 2);
        assertEquals(run.err().lines().count(), 1, run.err());
        assertTrue(run.err().contains("sharing-16"), run.err());
    }
}
