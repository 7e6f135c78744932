package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.report.CompressionReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What techniques are told about the training. */
public class SignalTest extends ToyTestBase {

    /** The signals that are sums over the training steps. */
    private static final Set<Signal> SUMS =
            Set.of(
                    Signal.GRADIENT_MAGNITUDE,
                    Signal.WEIGHT_TIMES_GRADIENT,
                    Signal.WEIGHT_TIMES_GRADIENT_SQUARED);

    private final List<Map<Signal, float[]>> told = new ArrayList<>();
    private final List<double[]> sums = new ArrayList<>();

    /** Notes the signals of the first weight, and changes nothing. */
    private FakeTechnique listening(Levels levels) {
        told.clear();
        return new FakeTechnique(
                "listening",
                levels,
                SUMS,
                (level, proposal) -> {
                    TargetWeight weight = proposal.weights().get(0);
                    Map<Signal, float[]> signals = new HashMap<>();
                    for (Signal signal : SUMS) {
                        signals.put(signal, proposal.signal(weight, signal).toFloatArray());
                    }
                    told.add(signals);
                    return Map.of();
                });
    }

    private CompressionListener listener(Levels levels, int warmup) {
        return CompressionListener.builder()
                .addTechnique(listening(levels))
                .optGate(open())
                .optWarmup(warmup)
                .build();
    }

    private static Levels fourSteps() {
        return Levels.of(0, new double[] {1, 2, 3, 4}, 1, String::valueOf);
    }

    @DataProvider
    public Object[][] signals() {
        DoubleBinaryOperator magnitude = (weight, gradient) -> Math.abs(gradient);
        DoubleBinaryOperator product = (weight, gradient) -> weight * gradient;
        DoubleBinaryOperator square = (weight, gradient) -> Math.pow(weight * gradient, 2);
        return new Object[][] {
            {Signal.GRADIENT_MAGNITUDE, magnitude},
            {Signal.WEIGHT_TIMES_GRADIENT, product},
            {Signal.WEIGHT_TIMES_GRADIENT_SQUARED, square}
        };
    }

    @Test(dataProvider = "signals")
    public void aSignalIsTheSumOverTheBatchesOfTheEpochThatEnded(
            Signal signal, DoubleBinaryOperator term) throws Exception {
        sums.clear();
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 3, summing(model.getBlock(), term), listener(fourSteps(), 1));
        }
        assertEquals(sums.size(), 3);
        // one proposal at the end of each epoch; the fourth, on closing, is about the third epoch
        int[] epochs = {0, 1, 2, 2};
        for (int i = 0; i < epochs.length; ++i) {
            float[] got = told.get(i).get(signal);
            double[] expected = sums.get(epochs[i]);
            for (int j = 0; j < got.length; ++j) {
                // eight terms of single precision
                assertEquals(got[j], expected[j], 1e-5 * Math.max(1, Math.abs(expected[j])));
            }
        }
        assertTrue(distance(sums.get(0), sums.get(1)) > 1e-3, "the epochs can be told apart");
    }

    private TrainingListener summing(Block block, DoubleBinaryOperator term) {
        return new TrainingListenerAdapter() {
            private double[] sum;

            @Override
            public void onTrainingBatch(Trainer trainer, TrainingListener.BatchData batchData) {
                NDArray weight = block.getParameters().get(0).getValue().getArray();
                float[] values = weight.toFloatArray();
                try (NDArray gradient = weight.getGradient()) {
                    float[] gradients = gradient.toFloatArray();
                    sum = sum == null ? new double[values.length] : sum;
                    for (int i = 0; i < values.length; ++i) {
                        sum[i] += term.applyAsDouble(values[i], gradients[i]);
                    }
                }
            }

            @Override
            public void onEpoch(Trainer trainer) {
                sums.add(sum);
                sum = null;
            }
        };
    }

    private static double distance(double[] one, double[] other) {
        double most = 0;
        for (int i = 0; i < one.length; ++i) {
            most = Math.max(most, Math.abs(one[i] - other[i]));
        }
        return most;
    }

    @Test
    public void aSignalThatWasNeverGatheredIsAnError() throws Exception {
        CompressionListener listener = listener(Levels.single("on"), 0);
        IllegalStateException e =
                expectThrows(IllegalStateException.class, () -> trainUntold(listener));
        assertTrue(e.getMessage().contains("onTrainingBatch"), e.getMessage());
    }

    private void trainUntold(CompressionListener listener) {
        try (Model model = Toy.model(Toy.mlp());
                Trainer trainer = toy.trainer(model, listener)) {
            trainer.forward(new NDList(trainer.getManager().ones(new Shape(1, Toy.FEATURES))));
            trainer.notifyListeners(l -> l.onEpoch(trainer));
        }
    }

    @Test
    public void withoutWarmUpTheFirstLevelWaitsForSignalsAndTheBaselineDoesNot() throws Exception {
        CompressionListener listener = listener(Levels.single("on"), 0);
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 1, listener);
        }
        List<Trial> trials = listener.getReport().trials();
        assertEquals(trials.get(0).verdict(), Verdict.BASELINE);
        assertEquals(trials.get(0).epoch(), 0);
        assertEquals(trials.get(1).epoch(), 1);
        assertEquals(told.size(), 1);
    }

    @Test
    public void aSignalThatWasNotAskedForIsAnError() throws Exception {
        FakeTechnique greedy =
                new FakeTechnique(
                        "greedy",
                        Levels.single("on"),
                        Set.of(Signal.GRADIENT_MAGNITUDE),
                        (level, proposal) -> {
                            proposal.signal(
                                    proposal.weights().get(0), Signal.WEIGHT_TIMES_GRADIENT);
                            return Map.of();
                        });
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder().addTechnique(greedy).optGate(open()).build();
            IllegalArgumentException e =
                    expectThrows(
                            IllegalArgumentException.class, () -> toy.train(model, 1, listener));
            assertTrue(e.getMessage().contains("getSignals()"), e.getMessage());
        }
    }

    @Test
    public void aFrozenWeightHasNoSignalAndIsCompressedAllTheSame() throws Exception {
        Block block = Toy.mlp();
        try (Model model = Toy.model(block)) {
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechnique(listening(Levels.single("on")))
                            .addTechnique(pruning(0.5f, 1))
                            .addTechnique(quantization(4))
                            .optGate(open())
                            .build();
            float[] before;
            try (Trainer trainer = toy.trainer(model, listener)) {
                Parameter first = block.getParameters().get(0).getValue();
                first.freeze(true);
                before = first.getArray().toFloatArray();
                toy.fit(trainer, 4);
                float[] latent = first.getArray().toFloatArray();
                for (int i = 0; i < before.length; ++i) {
                    assertEquals(latent[i], latent[i] == 0 ? 0 : before[i], "frozen, or removed");
                }
                assertTrue(Toy.zeros(latent) < before.length, "some are kept");
            }
            for (float[] signal : told.get(0).values()) {
                assertEquals(signal, new float[signal.length]);
            }
            CompressionReport report = listener.getReport();
            report.weights().forEach(w -> assertEquals(w.bits(), 4, report.toString()));
            assertTrue(report.sparsity() >= 0.5, report.toString());
        }
    }
}
