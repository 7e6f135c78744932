package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.ResumableProgram.Killer;
import dev.bonsai.checkpoint.ResumableOptimizer;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Warmup;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.SparsitySchedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A training that is killed and started again ends with the same file as one that is not. */
public class ResumedTrainingTest extends ToyTestBase {

    private Path folder;

    @BeforeMethod
    public void makeFolder() throws Exception {
        folder = Files.createTempDirectory("bonsai");
    }

    @AfterMethod
    public void removeFolder() throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @DataProvider
    Object[][] techniques() {
        return Cross.of(EveryTechnique.values(), new Boolean[] {false, true});
    }

    /** Killed behind each epoch: every checkpoint is gone on from. */
    @Test(dataProvider = "techniques")
    public void killedBehindEachEpochItEndsWithTheSameFile(EveryTechnique technique, boolean adam)
            throws Exception {
        ResumableProgram program = program();
        program.techniques = technique.chain().toArray(Technique[]::new);
        program.adam = adam;
        byte[] whole = program.whole();
        assertEquals(program.killed(1, -1), whole);
    }

    @DataProvider
    Object[][] programs() {
        return new Object[][] {
            {"chain"},
            {"batch norm and dropout"},
            {"rewind"},
            {"regrowth"},
            {"signals"},
            {"held zeros"},
            {"tied"},
            {"other types"},
            {"frozen"},
            {"graph"},
            {"accumulated"},
            {"ramp"},
            {"several steps"},
            {"distilled"},
            {"plateau"},
            {"penalty"},
            {"monitored"},
            {"fresh optimizer"},
            {"confident"}
        };
    }

    private ResumableProgram program() {
        return new ResumableProgram(toy, folder);
    }

    private ResumableProgram program(String name) {
        ResumableProgram program = program();
        program.adam = true;
        switch (name) {
            case "chain" ->
                    program.techniques = new Technique[] {pruning(0.5f, 2), quantization(3)};
            case "batch norm and dropout" -> {
                program.network =
                        () ->
                                new SequentialBlock()
                                        .add(Toy.mlp())
                                        .add(BatchNorm.builder().build())
                                        .add(Dropout.builder().optRate(0.2f).build());
            }
            case "rewind" ->
                    program.techniques =
                            new Technique[] {
                                Pruning.builder().setTargetSparsity(0.75f).optRewind(1).build()
                            };
            case "regrowth" ->
                    program.techniques =
                            new Technique[] {
                                Pruning.builder()
                                        .setTargetSparsity(0.75f)
                                        .optRegrowth(Regrowth.gradient(0.3f, 3))
                                        .build(),
                                quantization(4)
                            };
            case "signals" ->
                    program.techniques =
                            new Technique[] {
                                Pruning.builder()
                                        .setTargetSparsity(0.75f)
                                        .optSchedule(SparsitySchedule.cubic(3))
                                        .optCriterion(Criterion.contribution())
                                        .build()
                            };
            case "several steps" -> {
                program.techniques = new Technique[] {pruning(0.95f, 10), quantization(2)};
                program.epochs = 12;
                program.gate = toy.gate().optMaxDrop(0.01f).build();
            }
            case "tied" -> program.network = TiedWeightTest::tied;
            case "other types" -> program.network = OtherTypesTest::block;
            case "frozen" -> program.network = ResumableProgram::halfFrozen;
            case "graph" -> program.network = () -> Form.GRAPH.of(Toy.mlp());
            case "accumulated" -> program.perStep = 3;
            case "held zeros" -> {
                program.sparse = true;
                program.techniques = new Technique[] {quantization(4)};
            }
            case "distilled" -> program.distilled = true;
            case "plateau" -> {
                program.options = builder -> builder.optWarmup(Warmup.untilPlateau(1, 4));
                program.epochs = 8;
            }
            case "ramp" -> {
                program.techniques =
                        new Technique[] {
                            Pruning.builder()
                                    .setTargetSparsity(0.75f)
                                    .optSchedule(SparsitySchedule.cubic(2))
                                    .optCriterion(Criterion.contribution())
                                    .optRamp(2, 3)
                                    .build()
                        };
                program.epochs = 6;
            }
            case "penalty" ->
                    program.techniques =
                            new Technique[] {EveryTechnique.L1.technique(), pruning(0.75f, 2)};
            case "monitored" -> {
                program.gate = Gate.builder().optMonitored("Accuracy").optMaxDrop(0.1f).build();
                program.epochs = 8;
            }
            case "fresh optimizer" -> {
                program.options =
                        builder ->
                                builder.optFreshOptimizer(
                                        steps ->
                                                ResumableOptimizer.of(
                                                        Optimizer.adam()
                                                                .optLearningRateTracker(
                                                                        Tracker.fixed(0.004f))
                                                                .build()));
                program.gate = toy.gate().optMaxDrop(0).optRecoveryEpochs(1).build();
                program.epochs = 8;
            }
            case "confident" ->
                    program.gate = toy.gate().optMaxDrop(0.1f).optConfidence(0.9).build();
            default -> throw new IllegalArgumentException(name);
        }
        return program;
    }

    @Test(dataProvider = "programs")
    public void killedBehindEachEpochWhateverIsUnderWay(String name) throws Exception {
        byte[] whole = program(name).whole();
        assertEquals(program(name).killed(1, -1), whole);
    }

    /** Killed every few batches, also in the middle of epochs, it goes on from the last step. */
    @Test(dataProvider = "programs")
    public void killedWithinEpochsItEndsWithTheSameFile(String name) throws Exception {
        ResumableProgram program = program(name);
        program.everyStep = true;
        byte[] whole = program.whole();
        ResumableProgram again = program(name);
        again.everyStep = true;
        assertEquals(again.killed(-1, 5), whole);
    }

    @Test
    public void startedOnceMoreBehindItsEndItGivesTheSameFile() throws Exception {
        byte[] whole = program().whole();
        assertEquals(program().whole(), whole);
    }

    @Test
    public void damagedCheckpointCostsAnEpochAndNothingElse() throws Exception {
        byte[] whole = program().whole();
        Path checkpoints = folder.resolve("killed");
        assertTrue(program().run(checkpoints, new Killer(3, -1)).isEmpty());
        try (Stream<Path> files = Files.list(checkpoints)) {
            Path newest = files.max(Comparator.naturalOrder()).orElseThrow();
            byte[] bytes = Files.readAllBytes(newest);
            bytes[bytes.length / 3] ^= 4;
            Files.write(newest, bytes);
        }
        assertEquals(program().run(checkpoints, new Killer(-1, -1)).orElseThrow(), whole);
    }

    @Test
    public void anotherRunIsRefusedAndTheDifferenceNamed() throws Exception {
        program().whole();
        ResumableProgram other = program();
        other.techniques = new Technique[] {pruning(0.5f, 3), quantization(4)};
        assertRefused(other, "targetSparsity was 0.75 and is 0.5");
        ResumableProgram network = program();
        network.network =
                () -> new SequentialBlock().add(Toy.mlp()).add(BatchNorm.builder().build());
        assertRefused(network, "is of another run");
        ResumableProgram gate = program();
        gate.gate = toy.gate().optMaxDrop(0.2f).build();
        assertRefused(gate, "tolerance was drop <= 0.1 and is drop <= 0.2");
        ResumableProgram data = program();
        data.gate =
                Gate.builder().optEvaluation(toy.data(9), new Accuracy()).optMaxDrop(0.1f).build();
        assertRefused(data, "the same data");
    }

    private void assertRefused(ResumableProgram program, String expected) {
        String message = expectThrows(IllegalStateException.class, program::whole).getMessage();
        assertTrue(message.contains(expected), message);
    }

    @Test
    public void trainingThatDoesNotAskIsRefused() throws Exception {
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 1))
                        .optCheckpoint(Checkpoint.in(folder))
                        .build();
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, listener)) {
            String message =
                    expectThrows(IllegalStateException.class, () -> toy.fit(trainer, 1))
                            .getMessage();
            assertTrue(message.contains("checkpoint.epochsLeft(trainer, epochs)"), message);
        }
    }

    @Test
    public void checkpointThatNobodyWritesIsRefused() throws Exception {
        CompressionListener listener =
                CompressionListener.builder().addTechnique(pruning(0.5f, 1)).build();
        Checkpoint checkpoint = Checkpoint.in(folder);
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer = toy.trainer(model, listener)) {
                String message =
                        expectThrows(
                                        IllegalStateException.class,
                                        () -> checkpoint.epochsLeft(trainer, 3))
                                .getMessage();
                assertTrue(message.contains("optCheckpoint(checkpoint)"), message);
            }
            try (Trainer plain = toy.trainer(model)) {
                String message =
                        expectThrows(
                                        IllegalStateException.class,
                                        () -> checkpoint.epochsLeft(plain, 3))
                                .getMessage();
                assertTrue(message.contains("No CompressionListener"), message);
            }
        }
    }

    @DataProvider
    Object[][] others() {
        return new Object[][] {{0.75f, 9}, {0.5f, 2}}; // other data, another technique
    }

    /** What is refused leaves the model as it was, also when the trainer is closed. */
    @Test(dataProvider = "others")
    public void refusedRunLeavesTheModelAsItWas(float sparsity, long data) throws Exception {
        program().whole();
        Checkpoint checkpoint = Checkpoint.in(folder.resolve("whole"));
        ResumableOptimizer optimizer = ResumableOptimizer.of(program().optimizer());
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(sparsity, 3))
                        .addTechnique(quantization(4))
                        .optGate(
                                Gate.builder()
                                        .optEvaluation(toy.data(data), new Accuracy())
                                        .optMaxDrop(0.1f)
                                        .build())
                        .optWarmup(1)
                        .optCheckpoint(checkpoint.withOptimizer(optimizer))
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            Block block = model.getBlock();
            Map<String, float[]> before;
            try (Trainer trainer = toy.trainer(model, Toy.config(optimizer, listener))) {
                before = Toy.parameters(block);
                expectThrows(IllegalStateException.class, () -> checkpoint.epochsLeft(trainer, 9));
                assertSameBits(Toy.parameters(block), before);
            }
            assertSameBits(Toy.parameters(block), before);
            assertSame(model.getBlock(), block);
            expectThrows(IllegalStateException.class, listener::getReport);
        }
    }

    /** Refused before anything begins: the model is as it was, also when the trainer is closed. */
    @Test
    public void techniqueThatCannotBeWrittenDownIsRefusedAtTheStart() throws Exception {
        Checkpoint checkpoint = Checkpoint.in(folder.resolve("none"));
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(FakeTechnique.single("own", FakeTransforms.keeping()))
                        .addTechnique(pruning(0.5f, 1))
                        .optGate(toy.gate().optMaxDrop(1).build())
                        .optCheckpoint(checkpoint)
                        .build();
        try (Model model = Toy.model(Toy.mlp())) {
            Block block = model.getBlock();
            Map<String, float[]> before;
            try (Trainer trainer = toy.trainer(model, listener)) {
                before = Toy.parameters(block);
                int left = checkpoint.epochsLeft(trainer, 3);
                String message =
                        expectThrows(IllegalArgumentException.class, () -> toy.fit(trainer, left))
                                .getMessage();
                assertTrue(message.contains("override getStateTypes"), message);
            }
            assertSameBits(Toy.parameters(block), before);
            assertSame(model.getBlock(), block);
            expectThrows(IllegalStateException.class, listener::getReport);
        }
    }

    @Test
    public void criterionOfOnesOwnIsNotCompared() throws Exception {
        ResumableProgram program = program();
        program.techniques =
                new Technique[] {
                    Pruning.builder()
                            .setTargetSparsity(0.5f)
                            .optCriterion((weight, value, signals) -> value.abs())
                            .build()
                };
        byte[] whole = program.whole();
        assertEquals(program.killed(2, -1), whole);
    }

    @Test
    public void epochsThatAreLeftMayBeAskedTwice() throws Exception {
        Checkpoint checkpoint = Checkpoint.in(folder);
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(pruning(0.5f, 1))
                        .optCheckpoint(checkpoint)
                        .build();
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, listener)) {
            assertEquals(checkpoint.epochsLeft(trainer, 2), 2);
            assertEquals(checkpoint.epochsLeft(trainer, 2), 2);
            toy.fit(trainer, 1);
        }
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, listener)) {
            assertEquals(checkpoint.epochsLeft(trainer, 2), 1);
            assertEquals(checkpoint.epochsLeft(trainer, 2), 1);
        }
    }
}
