package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.activation.ActivationGrids;
import dev.bonsai.core.Technique;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.gate.Direction;
import dev.bonsai.gate.Gate;
import dev.bonsai.gate.Verdict;
import dev.bonsai.quantization.ActivationQuantization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Training with rounded activations, beside everything that happens to a model while it trains. */
public class ActivationTrainingTest extends RoundedTestBase {

    private static ActivationGrids grids(CompressionListener listener) {
        return listener.getCompressedModel().getActivationGrids().orElseThrow();
    }

    private static Block normalized() {
        return new SequentialBlock()
                .add(Toy.mlp())
                .add(BatchNorm.builder().build())
                .add(Dropout.builder().optRate(0.2f).build());
    }

    @DataProvider
    Object[][] resumed() {
        Object[][] all = Cross.of(EveryRange.values(), new String[] {"plain"});
        // gathered or learned is what makes a difference to a network
        Object[][] both =
                Cross.of(
                        new EveryRange[] {EveryRange.MOVING_AVERAGE, EveryRange.LEARNED},
                        new String[] {"normalized", "graph", "accumulated", "distilled"});
        return Stream.of(all, both).flatMap(Stream::of).toArray(Object[][]::new);
    }

    /** Killed behind each epoch: every checkpoint is gone on from. */
    @Test(dataProvider = "resumed")
    public void aTrainingThatIsKilledEndsWithTheSameFile(EveryRange range, String course)
            throws Exception {
        Path folder = Files.createTempDirectory("bonsai");
        ResumableProgram program = new ResumableProgram(toy, folder);
        program.techniques = new Technique[] {quantization(8), range.technique(6)};
        program.adam = true;
        program.epochs = 4;
        program.network =
                switch (course) {
                    case "normalized" -> ActivationTrainingTest::normalized;
                    case "graph" -> () -> Form.GRAPH.of(Toy.mlp());
                    default -> Toy::mlp;
                };
        program.distilled = course.equals("distilled");
        program.perStep = course.equals("accumulated") ? 3 : 1;
        byte[] whole = program.whole();
        assertEquals(program.killed(1, -1), whole);
    }

    @DataProvider
    Object[][] ranges() {
        return Cross.of(EveryRange.values());
    }

    @Test(dataProvider = "ranges")
    public void noArrayIsLeftBehind(EveryRange range) throws Exception {
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer =
                        toy.trainer(model, listener(quantization(8), range.technique(8)))) {
            toy.fit(trainer, 4); // both have reached their targets
            int before = arrays(model.getNDManager());
            toy.fit(trainer, 6);
            assertEquals(arrays(model.getNDManager()), before);
        }
    }

    private static int arrays(NDManager manager) {
        return ((BaseNDManager) manager).getManagedArrays().size();
    }

    @DataProvider
    Object[][] accumulated() {
        // a moving average counts batches, as each has values of its own
        return Cross.of(
                new EveryRange[] {EveryRange.MIN_MAX, EveryRange.LEARNED}, new Integer[] {2, 4});
    }

    /** The same batch k times, at a rate of 1/k, is the same training as once. */
    @Test(dataProvider = "accumulated")
    public void severalBatchesMayMakeAStep(EveryRange range, int k) throws Exception {
        assertSameBits(accumulated(range, k), accumulated(range, 1));
    }

    private Map<String, float[]> accumulated(EveryRange range, int k) throws Exception {
        Optimizer sgd = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(0.125f / k)).build();
        try (Model model = Toy.model(Toy.mlp())) {
            try (Trainer trainer =
                    toy.trainer(model, Toy.config(sgd, listener(range.technique(4))))) {
                for (int epoch = 0; epoch < 4; ++epoch) {
                    for (Batch batch : trainer.iterateDataset(toy.data(1))) {
                        try (batch) {
                            for (int i = 0; i < k; ++i) {
                                EasyTrain.trainBatch(trainer, batch);
                            }
                            trainer.step();
                        }
                    }
                    trainer.notifyListeners(l -> l.onEpoch(trainer));
                }
            }
            return Toy.parameters(model.getBlock());
        }
    }

    @Test(dataProvider = "ranges")
    public void aWidthThatCostsTooMuchIsUndoneWithItsRanges(EveryRange range) throws Exception {
        // the baseline, 8 bits trained on, then whatever comes after is bad
        ScriptedEvaluator script = new ScriptedEvaluator(0.9f, 0.9f, 0.1f);
        Gate gate =
                Gate.builder()
                        .optEvaluation(toy.data(2), script)
                        .optDirection(Direction.HIGHER_IS_BETTER)
                        .optRecoveryEpochs(1)
                        .build();
        CompressionListener listener =
                CompressionListener.builder().optGate(gate).addTechnique(steps(range)).build();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 8, listener);
        }
        assertTrue(
                listener.getReport().trials().stream()
                        .anyMatch(t -> t.verdict() == Verdict.ROLLED_BACK),
                listener.getReport().toString());
        assertEquals(bits(listener), 8, listener.getReport().toString());
    }

    private static Technique steps(EveryRange range) {
        ActivationQuantization plain = range.technique(4);
        return new dev.bonsai.quantization.ActivationQuantizationSettings(
                        plain.getSelector(),
                        4,
                        List.of(8),
                        plain.getSettings().rangeEstimator(),
                        plain.getSettings().scales())
                .build();
    }

    private static int bits(CompressionListener listener) {
        ActivationGrid first = grids(listener).grids().values().iterator().next();
        return first.bits();
    }

    /** Takes down what is predicted whenever the model is measured. */
    private static final class Measured extends Accuracy {

        private final Set<String> outputs = new LinkedHashSet<>();

        @Override
        public void updateAccumulators(String[] keys, NDList labels, NDList predictions) {
            outputs.add(Arrays.toString(predictions.head().toFloatArray()));
            super.updateAccumulators(keys, labels, predictions);
        }
    }

    @Test(dataProvider = "ranges")
    public void otherThreadsPredictWithTheAcceptedRanges(EveryRange range) throws Exception {
        Measured measured = new Measured();
        Gate gate = Gate.builder().optEvaluation(toy.data(2), measured).optMaxDrop(1).build();
        CompressionListener listener =
                CompressionListener.builder()
                        .optGate(gate)
                        .addTechnique(range.technique(3))
                        .build();
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, listener)) {
            toy.fit(trainer, 3); // the baseline, the trial, and another epoch
            String accepted = predicted(model);
            assertTrue(measured.outputs.contains(accepted), "what was judged");
            for (Batch batch : trainer.iterateDataset(toy.data(1))) {
                EasyTrain.trainBatch(trainer, batch);
                trainer.step();
                batch.close();
                assertEquals(predicted(model), accepted);
            }
        }
    }

    /** Returns what another thread gets for the first points that the gate measures. */
    private String predicted(Model model) throws Exception {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try (NDManager scratch = NDManager.newBaseManager()) {
                                NDList points = toy.data(2).getByRange(scratch, 0, 64).getData();
                                return Arrays.toString(
                                        model.getBlock()
                                                .forward(
                                                        new ParameterStore(scratch, false),
                                                        points,
                                                        false)
                                                .head()
                                                .toFloatArray());
                            }
                        })
                .get();
    }

    @Test
    public void theUsersBlockIsPlainAgainAndTheReportSaysSo() throws Exception {
        CompressionListener listener = listener(eightBits());
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            toy.train(model, 4, listener);
            assertSame(model.getBlock(), block);
        }
        String notes = listener.getReport().notes().toString();
        assertTrue(notes.contains("the block that is left"), notes);
        assertTrue(notes.contains("01Linear_weight, 03Linear_weight"), notes);
        assertTrue(notes.contains("Add Quantization with 8 bits"), notes);
        assertFalse(notes.contains("ParameterStore"), notes);
    }

    @Test
    public void onlyProductsOfSelectedWeightsAreRounded() throws Exception {
        CompressionListener listener =
                listener(
                        ActivationQuantization.builder()
                                .setBits(8)
                                .optSelector(
                                        WeightSelector.builder().include("03Linear_weight").build())
                                .build());
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 4, listener);
        }
        ActivationGrids grids = grids(listener);
        assertEquals(grids.grids().size(), 1, grids.toString());
        assertEquals(grids.floats().toString(), "[01Linear_weight]");
        assertEquals(grids.grids().values().iterator().next().zeroPoint(), 0, "behind a ReLU");
    }

    @Test
    public void aLaterTrainingGoesOnWithThem() throws Exception {
        CompressionListener first = listener(quantization(8), eightBits());
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 4, first);
            CompressionListener second =
                    CompressionListener.builder()
                            .optGate(open())
                            .addTechnique(quantization(8))
                            .addTechnique(eightBits())
                            .optContinue(first.getCompressedModel())
                            .build();
            toy.train(model, 4, second);
            assertEquals(
                    grids(second).grids().keySet(),
                    grids(first).grids().keySet(),
                    second.getReport().toString());
        }
    }
}
