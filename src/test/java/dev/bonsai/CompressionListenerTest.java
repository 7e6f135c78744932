package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.report.CompressionReport;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CompressionListenerTest extends ToyTestBase {

    @Test
    public void zeroSparsityTrainsIdenticallyToPlain() throws Exception {
        try (Model plain = Toy.model(Toy.mlp());
                Model listened = Toy.model(Toy.mlp())) {
            Map<String, float[]> expected = toy.train(plain, 3);
            Map<String, float[]> got =
                    toy.train(
                            listened,
                            3,
                            CompressionListener.builder()
                                    .addTechnique(pruning(0, 3))
                                    .optGate(open())
                                    .build());
            expected.forEach(
                    (path, values) -> assertTrue(Arrays.equals(values, got.get(path)), path));
        }
    }

    @Test
    public void sameSeedGivesTheSameWeightsBitForBit() throws Exception {
        Map<String, float[]> first;
        try (Model model = Toy.model(Toy.mlp())) {
            first = toy.train(model, 4, prunedAndQuantized());
        }
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> second = toy.train(model, 4, prunedAndQuantized());
            first.forEach(
                    (path, values) -> assertTrue(Arrays.equals(values, second.get(path)), path));
        }
    }

    private CompressionListener prunedAndQuantized() {
        return CompressionListener.builder()
                .addTechnique(pruning(0.5f, 2))
                .addTechnique(quantization(4))
                .optGate(open())
                .build();
    }

    @Test
    public void targetsAreReachedAndTheUsersBlockHoldsTheResult() throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            CompressionListener listener = prunedAndQuantized();
            Map<String, float[]> weights = toy.train(model, 5, listener);
            assertSame(model.getBlock(), block);
            // half of 32*8 + 4*32 weights; quantization may round more of them to zero
            assertTrue(Toy.weightZeros(weights) >= 192, "zeros: " + Toy.weightZeros(weights));
            CompressionReport report = listener.getReport();
            assertTrue(report.notes().isEmpty(), report.toString());
            assertTrue(report.weights().stream().allMatch(w -> w.bits() == 4), report.toString());
            // an untrained guess is 0.25
            assertTrue(report.achieved() > 0.8, report.toString());
            assertEquals(toy.accuracy(block), report.achieved(), 0.1, "sampling of 512 points");
        }
    }

    @Test
    public void compressionWithTrainingBeatsCompressionWithout() throws Exception {
        double oneShot;
        double trained;
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 4);
            CompressionListener listener = listener(0.9f, 1, 0);
            toy.train(model, 0, listener); // nothing is trained, so there is nothing to compress
            expectThrows(IllegalStateException.class, listener::getReport);
        }
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 4);
            CompressionListener listener = listener(0.9f, 1, 100);
            toy.train(model, 1, listener);
            oneShot = listener.getReport().achieved();
        }
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 4);
            CompressionListener listener = listener(0.9f, 4, 0);
            toy.train(model, 12, listener);
            trained = listener.getReport().achieved();
        }
        assertTrue(trained > oneShot, trained + " > " + oneShot);
    }

    private CompressionListener listener(float sparsity, int steps, int warmup) {
        return CompressionListener.builder()
                .addTechnique(pruning(sparsity, steps))
                .optGate(open())
                .optWarmup(warmup)
                .build();
    }

    @DataProvider
    public Object[][] stubbornOptimizers() {
        Tracker rate = Tracker.fixed(0.1f);
        return new Object[][] {
            {Optimizer.sgd().setLearningRateTracker(rate).optMomentum(0.9f).build()},
            {
                Optimizer.sgd()
                        .setLearningRateTracker(rate)
                        .optMomentum(0.9f)
                        .optWeightDecays(0.01f)
                        .build()
            },
            {Optimizer.adam().optWeightDecays(0.01f).build()},
            {Optimizer.adamW().optWeightDecays(0.01f).build()},
        };
    }

    @Test(dataProvider = "stubbornOptimizers")
    public void prunedWeightsAreZeroInEveryForwardPass(Optimizer optimizer) throws Exception {
        ZeroCounter counter = new ZeroCounter(Toy.mlp());
        try (Model model = Toy.model(counter)) {
            DefaultTrainingConfig config =
                    Toy.config(
                            optimizer,
                            CompressionListener.builder()
                                    .addTechnique(pruning(0.75f, 1))
                                    .optGate(open())
                                    .optWarmup(0)
                                    .build());
            try (Trainer trainer = toy.trainer(model, config)) {
                toy.fit(trainer, 3);
            }
            // 288 of 384 weights in each of the forward passes after the baseline's
            assertTrue(counter.inTraining().stream().allMatch(n -> n == 288), "" + counter);
            assertEquals(counter.inTraining().size(), 3 * 512 / 64);
        }
    }

    @Test
    public void whatIsSavedIsAcceptedAndLoadsIntoThePlainBlock() throws Exception {
        Path folder = Files.createTempDirectory("bonsai");
        try (Model model = Toy.model(Toy.mlp());
                Model plain = Toy.model(Toy.mlp())) {
            float[][] validated = new float[1][];
            TrainingListener saver =
                    new TrainingListenerAdapter() {
                        @Override
                        public void onEpoch(Trainer trainer) {
                            try {
                                trainer.getModel().save(folder, "epoch");
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                            validated[0] = toy.outputs(trainer.getModel().getBlock());
                        }
                    };
            CompressionListener listener = listener(0.5f, 1, 0);
            try (Trainer trainer = toy.trainer(model, listener, saver)) {
                toy.fit(trainer, 2);
            }
            plain.load(folder, "epoch");
            assertTrue(Arrays.equals(toy.outputs(plain.getBlock()), validated[0]));
            assertEquals(Toy.weightZeros(Toy.parameters(plain.getBlock())), 192);
        }
    }

    @Test
    public void parameterNamesAndTheLengthOfWhatIsSavedAreThePlainModels() throws Exception {
        try (Model plain = Toy.model(Toy.mlp());
                Model listened = Toy.model(Toy.mlp())) {
            toy.train(plain, 1);
            try (Trainer trainer = toy.trainer(listened, listener(0.5f, 1, 0))) {
                toy.fit(trainer, 1);
                assertEquals(
                        listened.getBlock().getParameters().keys(),
                        plain.getBlock().getParameters().keys());
                assertEquals(saved(listened).length, saved(plain).length);
            }
        }
    }

    private static byte[] saved(Model model) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        model.getBlock().saveParameters(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    @Test
    public void bakedPredictsWhatTheWrappedModelPredicted() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener = prunedAndQuantized();
            float[] wrapped;
            try (Trainer trainer = toy.trainer(model, listener)) {
                toy.fit(trainer, 5);
                wrapped = toy.outputs(model.getBlock());
            }
            assertTrue(Arrays.equals(toy.outputs(model.getBlock()), wrapped));
        }
    }

    @Test
    public void aMissedGoalGivesTheBestAcceptedStateAndALine() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 6);
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.98f, 4))
                            .optGate(toy.gate().optMaxDrop(0.01f).build())
                            .optWarmup(0)
                            .build();
            toy.train(model, 12, listener);
            CompressionReport report = listener.getReport();
            assertTrue(report.baseline() - report.achieved() <= 0.01 + 1e-6, report.toString());
            assertTrue(report.sparsity() > 0, report.toString());
            long stopped =
                    report.notes().stream().filter(n -> n.contains("pruning stopped at")).count();
            assertEquals(stopped, 1, report.toString());
        }
    }

    @Test
    public void aRefusedStepLeavesTheModelBitForBitAsItWas() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> dense = toy.train(model, 4);
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.9f, 1))
                            .optGate(toy.gate().optFloor(1.1f).build()) // nothing can pass
                            .optWarmup(0)
                            .build();
            // one batch of training that ends below the accuracy it began with is undone as well
            DefaultTrainingConfig wild =
                    Toy.config(
                            Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1000f)).build(),
                            listener);
            try (Trainer trainer = toy.trainer(model, wild)) {
                toy.fit(trainer, 1);
            }
            Map<String, float[]> after = Toy.parameters(model.getBlock());
            dense.forEach((path, values) -> assertTrue(Arrays.equals(values, after.get(path))));
            assertFalse(listener.getReport().notes().isEmpty());
        }
    }

    @Test
    public void withoutAGateTheTrainersValidationJudges() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder().addTechnique(pruning(0.5f, 2)).build();
            toy.train(model, 10, listener);
            CompressionReport report = listener.getReport();
            assertEquals(report.metric(), "Accuracy");
            assertEquals(report.trials().get(0).verdict(), Verdict.BASELINE);
            assertTrue(
                    report.trials().stream().map(Trial::verdict).anyMatch(Verdict.ACCEPTED::equals),
                    report.toString());
        }
    }

    @Test
    public void twoListenersOnOneTrainerCompose() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener first = listener(0.5f, 1, 0);
            CompressionListener second =
                    CompressionListener.builder()
                            .addTechnique(quantization(4))
                            .optGate(open())
                            .optWarmup(0)
                            .build();
            toy.train(model, 4, first, second);
            assertSame(first.getReport(), second.getReport());
            assertTrue(second.getReport().sparsity() >= 0.5, second.getReport().toString());
            assertTrue(second.getReport().weights().stream().allMatch(w -> w.bits() == 4));
        }
    }

    @Test
    public void trainingForTooShortATimeStillCompressesAsFarAsTheGateAllows() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(pruning(0.5f, 10))
                            .addTechnique(quantization(8))
                            .optGate(open())
                            .build();
            toy.train(model, 1, listener);
            assertEquals(listener.getReport().sparsity(), 0.5, 0.02, listener.getReport() + "");
        }
    }

    @Test
    public void aSelectorThatMatchesNothingIsAnError() throws Exception {
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(
                                    Pruning.builder()
                                            .setTargetSparsity(0.5f)
                                            .optSelector(
                                                    WeightSelector.builder()
                                                            .include("conv")
                                                            .build())
                                            .build())
                            .optGate(open())
                            .build();
            IllegalArgumentException e =
                    expectThrows(
                            IllegalArgumentException.class, () -> toy.train(model, 1, listener));
            assertTrue(
                    e.getMessage().contains("02Linear_weight") || e.getMessage().contains("Linear"),
                    e.getMessage());
        }
    }

    @Test
    public void severalDevicesAreRefused() {
        try (Model model = Toy.model(Toy.mlp())) {
            DefaultTrainingConfig config =
                    Toy.config(listener(0.5f, 1, 0))
                            .optDevices(new Device[] {Device.cpu(), Device.gpu(0)});
            IllegalArgumentException e =
                    expectThrows(IllegalArgumentException.class, () -> model.newTrainer(config));
            assertTrue(e.getMessage().contains("one device"), e.getMessage());
        }
    }

    @Test
    public void aListenerServesOneTrainerAtATime() throws Exception {
        try (Model first = Toy.model(Toy.mlp());
                Model second = Toy.model(Toy.mlp())) {
            CompressionListener listener = listener(0.5f, 1, 0);
            try (Trainer trainer = toy.trainer(first, listener)) {
                toy.fit(trainer, 1);
                expectThrows(
                        IllegalStateException.class, () -> second.newTrainer(Toy.config(listener)));
            }
            toy.train(second, 2, listener);
            assertEquals(listener.getReport().sparsity(), 0.5, 0.0);
        }
    }

    @Test
    public void theFileOfTheCompressedModelLoadsIntoAPlainBlock() throws Exception {
        Path file = Files.createTempDirectory("bonsai").resolve("toy.bonsai");
        try (Model model = Toy.model(Toy.mlp());
                Model plain = Toy.model(Toy.mlp());
                Model other = Toy.model(Toy.mlp())) {
            CompressionListener listener = prunedAndQuantized();
            Map<String, float[]> baked = toy.train(model, 5, listener);
            assertEquals(listener.getCompressedModel().save(file).total(), Files.size(file));
            CompressedModel read = CompressedModel.load(file);
            read.applyTo(plain.getBlock(), plain.getNDManager());
            Map<String, float[]> loaded = Toy.parameters(plain.getBlock());
            baked.forEach((path, values) -> assertTrue(Arrays.equals(values, loaded.get(path))));
            other.setBlock(new SequentialBlock().add(Toy.mlp()));
            expectThrows(
                    IllegalArgumentException.class,
                    () -> read.applyTo(other.getBlock(), other.getNDManager()));
        }
    }
}
