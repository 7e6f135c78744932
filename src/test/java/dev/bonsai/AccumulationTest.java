package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.lowbit.Binarization;
import dev.bonsai.lowbit.Ternarization;
import dev.bonsai.lowbit.TernaryScale;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.Regrowth;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.Scales;
import dev.bonsai.regularization.Regularization;
import dev.bonsai.sharing.CentroidTraining;
import dev.bonsai.sharing.WeightSharing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/**
 * Several batches per step of the optimizer. The same batch k times, at a rate of 1/k, is the same
 * training as once: whatever counts steps, or looks at gradients, must count and look once.
 */
public class AccumulationTest extends ToyTestBase {

    private static final float RATE = 0.125f; // a power of two, so that RATE / k is exact
    private static final int EPOCHS = 4;

    private static Pruning.Builder half() {
        return Pruning.builder().setTargetSparsity(0.5f);
    }

    private static final Map<String, Supplier<List<Technique>>> TECHNIQUES =
            Map.ofEntries(
                    of("pruning", () -> half().build()),
                    of("pruning and 4 bits", () -> half().build(), () -> quantization(4)),
                    of("ramp", () -> half().optRamp(2, 3).build()),
                    of(
                            "ranked by gradients",
                            () -> half().optCriterion(Criterion.taylor()).build()),
                    of(
                            "grown at random",
                            () -> half().optRegrowth(Regrowth.random(0.2f, 3, 5)).build()),
                    of(
                            "grown by gradients",
                            () -> half().optRegrowth(Regrowth.gradient(0.2f, 3)).build()),
                    of(
                            "sharing, gradients summed",
                            () ->
                                    WeightSharing.builder()
                                            .setCentroids(8)
                                            .optTraining(CentroidTraining.SUMMED_GRADIENT)
                                            .build()),
                    of("binary", () -> Binarization.builder().build()),
                    of(
                            "ternary, trained",
                            () -> Ternarization.builder().optScale(TernaryScale.TRAINED).build()),
                    of("L1", () -> Regularization.l1(1e-3f).build()),
                    of("L2", () -> Regularization.l2(1e-3f).build()),
                    of("splicing", () -> half().optRegrowth(Regrowth.splicing(3)).build()),
                    of("rewind", () -> half().optRewind(0).build()),
                    of("3 bits", () -> quantization(3)),
                    of(
                            "learned scales",
                            () ->
                                    Quantization.builder()
                                            .setBits(4)
                                            .optScales(Scales.LEARNED)
                                            .build()),
                    of("ternary", () -> Ternarization.builder().build()),
                    of(
                            "sharing, refreshed by steps",
                            () ->
                                    WeightSharing.builder()
                                            .setCentroids(8)
                                            .optTraining(CentroidTraining.STRAIGHT_THROUGH)
                                            .optRefresh(new Refresh(3, 1))
                                            .build()));

    private static Map.Entry<String, Supplier<List<Technique>>> of(
            String name, Supplier<Technique> technique) {
        return Map.entry(name, () -> List.of(technique.get()));
    }

    private static Map.Entry<String, Supplier<List<Technique>>> of(
            String name, Supplier<Technique> first, Supplier<Technique> second) {
        return Map.entry(name, () -> List.of(first.get(), second.get()));
    }

    @DataProvider
    Object[][] cases() {
        return TECHNIQUES.keySet().stream()
                .sorted()
                .flatMap(
                        name ->
                                Stream.of(
                                        new Object[] {name, Form.BLOCKS, 2},
                                        new Object[] {name, Form.BLOCKS, 4},
                                        new Object[] {name, Form.GRAPH, 2}))
                .toArray(Object[][]::new);
    }

    private record Outcome(Map<String, float[]> parameters, String trials) {}

    private Outcome train(String techniques, Form form, int k) throws Exception {
        Optimizer sgd = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(RATE / k)).build();
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechniques(TECHNIQUES.get(techniques).get())
                        .optGate(open())
                        .build();
        try (Model model = Toy.model(form.of(Toy.mlp()))) {
            try (Trainer trainer = toy.trainer(model, Toy.config(sgd, listener))) {
                for (int epoch = 0; epoch < EPOCHS; ++epoch) {
                    epoch(trainer, k);
                }
            }
            return new Outcome(
                    Toy.parameters(model.getBlock()), listener.getReport().trials().toString());
        }
    }

    private void epoch(Trainer trainer, int k) throws Exception {
        for (Batch batch : trainer.iterateDataset(toy.data(1))) {
            try (batch) {
                for (int i = 0; i < k; ++i) {
                    EasyTrain.trainBatch(trainer, batch);
                }
                trainer.step();
            }
        }
        trainer.notifyListeners(listener -> listener.onEpoch(trainer));
    }

    /** The sums of a signal over each epoch, first weight by first weight. */
    private float[] signals(Signal signal, int k) throws Exception {
        List<float[]> sums = new ArrayList<>();
        FakeTechnique looking =
                new FakeTechnique(
                        "looking",
                        Levels.of(0, new double[] {1, 2, 3}, 1, String::valueOf),
                        Set.of(signal),
                        (level, proposal) -> {
                            TargetWeight first = proposal.weights().get(0);
                            sums.add(proposal.signal(first, signal).toFloatArray());
                            return Map.of();
                        });
        Optimizer sgd = Optimizer.sgd().setLearningRateTracker(Tracker.fixed(RATE / k)).build();
        CompressionListener listener =
                CompressionListener.builder().addTechnique(looking).optGate(open()).build();
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, Toy.config(sgd, listener))) {
            for (int epoch = 0; epoch < 3; ++epoch) {
                epoch(trainer, k);
            }
            assertEquals(sums.size(), 3);
        }
        return sums.get(2);
    }

    @DataProvider
    Object[][] signals() {
        return new Object[][] {
            {Signal.GRADIENT_MAGNITUDE, 2, 2f},
            {Signal.GRADIENT_MAGNITUDE, 4, 4f},
            {Signal.WEIGHT_TIMES_GRADIENT, 2, 2f},
            {Signal.WEIGHT_TIMES_GRADIENT, 4, 4f},
            {Signal.WEIGHT_TIMES_GRADIENT_SQUARED, 2, 4f},
            {Signal.WEIGHT_TIMES_GRADIENT_SQUARED, 4, 16f},
        };
    }

    /** Powers of two are exact in floats. */
    @Test(dataProvider = "signals")
    public void aSignalIsTakenOncePerStepFromTheGradientOfAllItsBatches(
            Signal signal, int k, float factor) throws Exception {
        float[] once = signals(signal, 1);
        float[] often = signals(signal, k);
        for (int i = 0; i < once.length; ++i) {
            assertEquals(often[i], factor * once[i], 0f, signal + " " + i);
        }
    }

    @Test(dataProvider = "cases")
    public void theSameBatchKTimesAtAKthOfTheRateIsTheSameTraining(
            String techniques, Form form, int k) throws Exception {
        Outcome once = train(techniques, form, 1);
        Outcome often = train(techniques, form, k);
        assertEquals(often.trials(), once.trials());
        once.parameters()
                .forEach(
                        (path, values) -> {
                            float[] other = often.parameters().get(path);
                            for (int i = 0; i < values.length; ++i) {
                                // sums of equal floats are exact but for roundings inside
                                // techniques
                                assertEquals(other[i], values[i], 1e-4f, path + " " + i);
                            }
                        });
        assertTrue(once.trials().contains("ACCEPTED"), once.trials());
    }
}
