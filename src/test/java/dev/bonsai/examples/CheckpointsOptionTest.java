package dev.bonsai.examples;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.examples.data.SmallData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Checkpoints are gone on from by the same command, and by no other. */
public class CheckpointsOptionTest {

    /** Every state is accepted: each epoch shows in the file. */
    private static final String BASE =
            "--network tiny --dense-epochs 1 --epochs 2 --seed 1 --max-drop 1";

    private Path folder;
    private Path data;
    private Path others;
    private Path done;
    private byte[] file;
    private int runs;

    @BeforeClass
    public void runOnce() throws Exception {
        folder = Files.createTempDirectory("bonsai");
        data = SmallData.write(folder.resolve("data"), 1);
        others = SmallData.write(folder.resolve("others").resolve("data"), 2);
        done = folder.resolve("done");
        Path out = folder.resolve("out");
        assertEquals(run(done, out).status(), 0);
        file = Files.readAllBytes(out.resolve("model.bonsai"));
    }

    private CommandRun run(Path checkpoints, Path out, String... more) {
        List<String> changed = List.of(more);
        List<String> usual = new ArrayList<>(List.of(BASE.split(" ")));
        usual.addAll(List.of("--data", data.toString()));
        List<String> args = new ArrayList<>();
        for (int i = 0; i < usual.size(); i += 2) {
            boolean trained = changed.contains("--dense") && usual.get(i).equals("--dense-epochs");
            if (!changed.contains(usual.get(i)) && !trained) {
                args.addAll(usual.subList(i, i + 2));
            }
        }
        args.addAll(changed);
        args.addAll(List.of("--checkpoints", checkpoints.toString(), "--out", out.toString()));
        return CommandRun.of(args.toArray(new String[0]));
    }

    private Path fresh() {
        return folder.resolve("run" + ++runs);
    }

    /** Copies the folder of the run that was finished. */
    private Path copy() throws IOException {
        Path copy = fresh();
        try (Stream<Path> files = Files.walk(done)) {
            for (Path from : files.toList()) {
                Files.copy(from, copy.resolve(done.relativize(from)));
            }
        }
        return copy;
    }

    private static List<Path> states(Path checkpoints) throws IOException {
        try (Stream<Path> files = Files.list(checkpoints.resolve(RunFolder.STATES))) {
            return files.sorted().toList();
        }
    }

    private static void assertRefused(CommandRun run, String part) {
        assertEquals(run.status(), 2, run.out() + run.err());
        List<String> said = run.err().lines().filter(line -> !line.startsWith("[")).toList();
        assertEquals(said.size(), 1, "besides what is logged: " + run.err());
        assertTrue(said.get(0).startsWith("--checkpoints: "), run.err());
        assertTrue(said.get(0).contains(part), run.err());
    }

    @DataProvider
    public Object[][] others() {
        return new Object[][] {
            {"--seed", "2", "the seed of the dense training was 1 and is now 2"},
            {"--epochs", "3", "the stages[0].training.epochs was 2 and is now 3"},
            {"--dense-epochs", "2", "the number of dense epochs was 1 and is now 2"},
            {"--network", "lenet300", "the network was tiny and is now lenet300"},
            {
                "--preset",
                "small",
                "the stages[0].techniques[0].criterion was magnitude and is now "
            },
            {
                "--sparsity",
                "0.5",
                "the stages[0].techniques[0].targetSparsity was 0.6 and is now 0.5"
            },
            {"--bits", "8", "the stages[0].techniques[1].bits was 4 and is now 8"},
            {"--max-drop", "0.5", "the stages[0].gate.maxDrop was 1.0 and is now 0.5"},
            {"--lambda", "0.5", "the stages[0].techniques[2].lambda was not said and is now 0.5"},
            {"--confidence", "0.9", "the stages[0].gate.confidence was not said and is now 0.9"},
            {"--data", others.toString(), "the fingerprint of the data set was "},
        };
    }

    /** With a folder of its own for the results, so that nothing else could tell. */
    @Test(dataProvider = "others")
    public void theCheckpointsOfAnotherRunAreRefused(String option, String value, String part) {
        CommandRun run = run(done, fresh(), option, value);
        assertRefused(run, part);
        assertFalse(run.out().contains("epoch"), "nothing was trained: " + run.out());
    }

    /** The dense network is then of its own seed, which says nothing of this run's. */
    @Test
    public void theSeedOfARunThatTakesADenseNetworkUpIsItsOwn() {
        Path dense = fresh();
        assertEquals(run(fresh(), dense).status(), 0);
        Path checkpoints = fresh();
        CommandRun first = run(checkpoints, fresh(), "--dense", dense.toString());
        assertEquals(first.status(), 0, first.err());
        CommandRun other = run(checkpoints, fresh(), "--dense", dense.toString(), "--seed", "2");
        assertRefused(other, "the seed was 1 and is now 2");
    }

    @Test
    public void startedOnceMoreBehindItsEndItTrainsNothingAndWritesTheSame() throws Exception {
        Path out = fresh();
        CommandRun again = run(copy(), out);
        assertEquals(again.status(), 0, again.err());
        assertTrue(again.out().contains("Going on after epoch 2 of 2"), again.out());
        assertFalse(again.out().contains("of 2  loss"), again.out());
        assertEquals(Files.readAllBytes(out.resolve("model.bonsai")), file);
    }

    /**
     * As after a kill: the dense network is there, and the newest checkpoint is that of epoch 1.
     */
    @Test
    public void behindADamagedCheckpointItGoesOnFromTheOneBefore() throws Exception {
        Path checkpoints = copy();
        Files.write(states(checkpoints).get(1), new byte[100]);
        Path out = fresh();
        CommandRun again = run(checkpoints, out);
        assertEquals(again.status(), 0, again.err());
        assertTrue(again.out().contains("Going on after epoch 1 of 2"), again.out());
        assertTrue(again.out().contains("epoch  2 of 2"), again.out());
        assertEquals(Files.readAllBytes(out.resolve("model.bonsai")), file);
    }

    @Test
    public void checkpointsOfWhichNoneIsWholeAreRefused() throws Exception {
        Path checkpoints = copy();
        for (Path state : states(checkpoints)) {
            Files.write(state, new byte[100]);
        }
        assertRefused(run(checkpoints, fresh()), "can't be read");
    }

    @DataProvider
    public Object[][] damage() {
        return new Object[][] {{""}, {"null"}, {"[]"}, {"{"}, {"x".repeat(100_000)}, {null}};
    }

    @Test(dataProvider = "damage")
    public void checkpointsOfNobodyKnowsWhichRunAreRefused(String text) throws Exception {
        Path checkpoints = copy();
        if (text == null) {
            Files.delete(checkpoints.resolve(RunFolder.FACTS));
        } else {
            Files.writeString(checkpoints.resolve(RunFolder.FACTS), text);
        }
        CommandRun run = run(checkpoints, fresh());
        assertRefused(run, "run.json is damaged");
        assertFalse(run.out().contains("epoch"), "nothing was trained: " + run.out());
    }

    /** Nothing was compressed yet, so that nothing could be taken for that of another. */
    @Test
    public void aFolderWithoutCheckpointsTakesAnyRun() throws Exception {
        Path checkpoints = copy();
        for (Path state : states(checkpoints)) {
            Files.delete(state);
        }
        CommandRun run = run(checkpoints, fresh(), "--seed", "2");
        assertEquals(run.status(), 0, run.err());
        assertRefused(run(checkpoints, fresh()), "the seed of the dense training was 2");
    }

    /** A later stage of another run would be gone on with, once the first had ended. */
    @Test
    public void aFolderWithoutCheckpointsForgetsLaterStages() throws Exception {
        Path checkpoints = fresh();
        Path later = checkpoints.resolve("stage-2").resolve(RunFolder.STATES);
        Files.createDirectories(later);
        Files.writeString(later.resolve("state"), "of another run");
        Path finished = Files.writeString(checkpoints.resolve("stage-2/finished.bonsai"), "other");
        RunFolder.prepare(checkpoints).belongTo(Map.of("seed", 2));
        assertFalse(Files.exists(finished));
        assertFalse(Files.exists(later.resolve("state")));
    }

    @Test
    public void anEarlierDenseNetworkServesEachTime() throws Exception {
        Path checkpoints = fresh();
        Path first = fresh();
        Path second = fresh();
        String dense = folder.resolve("out").toString();
        assertEquals(run(checkpoints, first, "--dense", dense).status(), 0);
        CommandRun again = run(checkpoints, second, "--dense", dense);
        assertTrue(again.out().contains("Going on after epoch 2 of 2"), again.out());
        for (String name : List.of("model.bonsai", DenseFile.ORIGIN)) {
            assertEquals(
                    Files.readAllBytes(second.resolve(name)),
                    Files.readAllBytes(first.resolve(name)),
                    name);
        }
        assertEquals(ReportNumbers.of(second), ReportNumbers.of(first));
    }

    @DataProvider
    public Object[][] badFolders() throws Exception {
        Path taken = folder.resolve("taken");
        Files.createDirectories(taken.resolve(RunFolder.FACTS));
        Path blocked = Files.createDirectories(folder.resolve("blocked"));
        Files.writeString(blocked.resolve(RunFolder.STATES), "a file");
        Path file = Files.writeString(folder.resolve("file"), "text");
        return new Object[][] {{file}, {file.resolve("below")}, {taken}, {blocked}};
    }

    @Test(dataProvider = "badFolders")
    public void aFolderThatCanNotBeWrittenIsRefused(Path checkpoints) {
        CommandRun run = run(checkpoints, fresh());
        assertRefused(run, "expected ");
        assertFalse(run.out().contains("epoch"), "nothing was trained: " + run.out());
    }
}
