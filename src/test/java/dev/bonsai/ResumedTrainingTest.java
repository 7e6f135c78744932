package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.checkpoint.ResumableOptimizer;
import dev.bonsai.core.Technique;
import dev.bonsai.distillation.DistillationLoss;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Warmup;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.pruning.SparsitySchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A training that is killed and started again ends with the same file as one that is not. */
public class ResumedTrainingTest extends ToyTestBase {

    private static final int EPOCHS = 5;
    private static final int BATCH = 64;

    /** Killed trainers are never closed, as nothing of a process is that is killed. */
    private static final List<Object> DEAD = new ArrayList<>();

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

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Ends the process, as far as a test can, after so many epochs or batches of this life. */
    private static final class Killer extends TrainingListenerAdapter {

        private int epochs;
        private int batches;

        Killer(int epochs, int batches) {
            this.epochs = epochs;
            this.batches = batches;
        }

        @Override
        public void onEpoch(Trainer trainer) {
            if (--epochs == 0) {
                throw new Killed();
            }
        }

        @Override
        public void onTrainingBatch(Trainer trainer, BatchData batchData) {
            if (--batches == 0) {
                throw new Killed();
            }
        }
    }

    /** A program that trains and compresses, which does the same whenever it is started. */
    private final class Program {

        Technique[] techniques = {pruning(0.75f, 3), quantization(4)};
        UnaryOperator<CompressionListener.Builder> options = builder -> builder;
        Supplier<Block> network = Toy::mlp;
        boolean adam;
        boolean everyStep;
        boolean distilled;

        /** Begins with zeros that are held, elsewhere each time that it is started. */
        boolean sparse;

        /** How many batches there are to a step; the last step of an epoch may have fewer. */
        int perStep = 1;

        private int lives;
        int epochs = EPOCHS;
        Gate gate = toy.gate().optMaxDrop(0.1f).build();

        /** Returns the file that is left, or nothing if it was killed. */
        Optional<byte[]> run(Path checkpoints, Killer killer) throws Exception {
            Model model = Toy.model(network.get());
            ResumableOptimizer optimizer = ResumableOptimizer.of(optimizer());
            Checkpoint checkpoint = Checkpoint.in(checkpoints).withOptimizer(optimizer);
            checkpoint = everyStep ? checkpoint.everySteps(1) : checkpoint;
            CompressionListener listener =
                    options.apply(
                                    CompressionListener.builder()
                                            .addTechniques(List.of(techniques))
                                            .optGate(gate)
                                            .optWarmup(1)
                                            .optCheckpoint(checkpoint))
                            .build();
            DefaultTrainingConfig config =
                    distilled
                            ? new DefaultTrainingConfig(DistillationLoss.builder().build())
                                    .optOptimizer(optimizer)
                                    .addTrainingListeners(TrainingListener.Defaults.basic())
                                    .addTrainingListeners(listener, killer)
                            : Toy.config(optimizer, listener, killer);
            Trainer trainer = toy.trainer(model, config);
            if (sparse) {
                zero(model.getBlock(), lives++);
            }
            try {
                int left = checkpoint.epochsLeft(trainer, epochs);
                Dataset data = everyStep ? checkpoint.rest(trainer, shuffled()) : shuffled();
                if (perStep == 1) {
                    EasyTrain.fit(trainer, left, data, toy.data(3));
                } else {
                    accumulate(trainer, left, data);
                }
                trainer.close();
            } catch (Killed e) {
                DEAD.add(List.of(trainer, model, listener));
                return Optional.empty();
            }
            Path file = folder.resolve("model.bonsai");
            listener.getCompressedModel().save(file);
            model.close();
            return Optional.of(Files.readAllBytes(file));
        }

        private void accumulate(Trainer trainer, int left, Dataset data) throws Exception {
            for (int epoch = 0; epoch < left; ++epoch) {
                int batches = 0;
                for (Batch batch : trainer.iterateDataset(data)) {
                    EasyTrain.trainBatch(trainer, batch);
                    if (++batches % perStep == 0) {
                        trainer.step();
                    }
                    batch.close();
                }
                if (batches % perStep != 0) {
                    trainer.step();
                }
                EasyTrain.evaluateDataset(trainer, toy.data(3));
                trainer.notifyListeners(listener -> listener.onEpoch(trainer));
            }
        }

        private void zero(Block block, int seed) {
            Random random = new Random(seed);
            NDArray weight = block.getParameters().get(0).getValue().getArray();
            float[] values = weight.toFloatArray();
            for (int i = 0; i < values.length; ++i) {
                values[i] = random.nextInt(3) == 0 ? 0 : values[i];
            }
            try (NDArray sparse = toy.manager().create(values, weight.getShape())) {
                weight.set(new NDIndex(":"), sparse);
            }
        }

        private Optimizer optimizer() {
            return adam
                    ? Optimizer.adam().optLearningRateTracker(Tracker.fixed(0.02f)).build()
                    : Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.5f)).build();
        }

        private Dataset shuffled() throws IOException {
            ArrayDataset data = toy.data(1);
            return new ArrayDataset.Builder()
                    .setData(data.getByRange(toy.manager(), 0, 512).getData().head())
                    .optLabels(data.getByRange(toy.manager(), 0, 512).getLabels().head())
                    .setSampling(BATCH, true)
                    .build();
        }

        byte[] whole() throws Exception {
            return run(folder.resolve("whole"), new Killer(-1, -1)).orElseThrow();
        }

        /** Is killed again and again, and started again each time. */
        byte[] killed(int epochs, int batches) throws Exception {
            Path checkpoints = folder.resolve("killed");
            for (int life = 0; life < 100; ++life) {
                Engine.getInstance().setRandomSeed(1000 + life); // nothing is left of the last one
                Optional<byte[]> file = run(checkpoints, new Killer(epochs, batches));
                if (file.isPresent()) {
                    assertTrue(life > 0, "it was killed at all");
                    return file.get();
                }
            }
            throw new AssertionError("It never ended");
        }
    }

    @DataProvider
    Object[][] techniques() {
        List<Object[]> rows = new ArrayList<>();
        for (EveryTechnique technique : EveryTechnique.values()) {
            for (boolean adam : new boolean[] {false, true}) {
                rows.add(new Object[] {technique, adam});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    /** Killed behind each epoch: every checkpoint is gone on from. */
    @Test(dataProvider = "techniques")
    public void killedBehindEachEpochItEndsWithTheSameFile(EveryTechnique technique, boolean adam)
            throws Exception {
        Program program = new Program();
        program.techniques = new Technique[] {technique.technique()};
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

    private static Block halfFrozen() {
        Linear frozen = Linear.builder().setUnits(16).build();
        frozen.freezeParameters(true);
        return new SequentialBlock().add(frozen).add(Toy.mlp());
    }

    private Program program(String name) {
        Program program = new Program();
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
            case "frozen" -> program.network = ResumedTrainingTest::halfFrozen;
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
        Program program = program(name);
        program.everyStep = true;
        byte[] whole = program.whole();
        Program again = program(name);
        again.everyStep = true;
        assertEquals(again.killed(-1, 5), whole);
    }

    @Test
    public void startedOnceMoreBehindItsEndItGivesTheSameFile() throws Exception {
        byte[] whole = new Program().whole();
        assertEquals(new Program().whole(), whole);
    }

    @Test
    public void damagedCheckpointCostsAnEpochAndNothingElse() throws Exception {
        byte[] whole = new Program().whole();
        Path checkpoints = folder.resolve("killed");
        assertTrue(new Program().run(checkpoints, new Killer(3, -1)).isEmpty());
        try (Stream<Path> files = Files.list(checkpoints)) {
            Path newest = files.max(Comparator.naturalOrder()).orElseThrow();
            byte[] bytes = Files.readAllBytes(newest);
            bytes[bytes.length / 3] ^= 4;
            Files.write(newest, bytes);
        }
        assertEquals(new Program().run(checkpoints, new Killer(-1, -1)).orElseThrow(), whole);
    }

    @Test
    public void anotherRunIsRefusedAndTheDifferenceNamed() throws Exception {
        new Program().whole();
        Program other = new Program();
        other.techniques = new Technique[] {pruning(0.5f, 3), quantization(4)};
        assertRefused(other, "targetSparsity was 0.75 and is 0.5");
        Program network = new Program();
        network.network =
                () -> new SequentialBlock().add(Toy.mlp()).add(BatchNorm.builder().build());
        assertRefused(network, "is of another run");
        Program gate = new Program();
        gate.gate = toy.gate().optMaxDrop(0.2f).build();
        assertRefused(gate, "tolerance was drop <= 0.1 and is drop <= 0.2");
        Program data = new Program();
        data.gate =
                Gate.builder().optEvaluation(toy.data(9), new Accuracy()).optMaxDrop(0.1f).build();
        assertRefused(data, "the same data");
    }

    private void assertRefused(Program program, String expected) {
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
        new Program().whole();
        Checkpoint checkpoint = Checkpoint.in(folder.resolve("whole"));
        ResumableOptimizer optimizer = ResumableOptimizer.of(new Program().optimizer());
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

    @Test
    public void techniqueThatCannotBeWrittenDownIsRefusedAtTheStart() throws Exception {
        Program program = new Program();
        program.techniques =
                new Technique[] {FakeTechnique.single("own", FakeTransforms.keeping())};
        String message = expectThrows(IllegalArgumentException.class, program::whole).getMessage();
        assertTrue(message.contains("override getStateTypes"), message);
    }

    @Test
    public void criterionOfOnesOwnIsNotCompared() throws Exception {
        Program program = new Program();
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
