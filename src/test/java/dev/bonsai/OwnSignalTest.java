package dev.bonsai;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.bonsai.core.GradientSignal;
import dev.bonsai.core.InputSignal;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.pruning.Criterion;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Signals of the user's own: a new one takes one class, and nothing of core or kernel. */
public class OwnSignalTest extends ToyTestBase {

    private static final int STEPS = 8; // an epoch

    /** A running mean. */
    private record Recent(float momentum) implements GradientSignal {

        @Override
        public NDArray term(NDArray latent, NDArray gradient) {
            return gradient.abs();
        }

        @Override
        public void accumulate(NDArray total, NDArray term, long steps) {
            total.muli(momentum).addi(term.muli(1 - momentum));
        }
    }

    /** The mean over the steps. */
    private record MeanSquare() implements GradientSignal {

        @Override
        public NDArray term(NDArray latent, NDArray gradient) {
            return gradient.square();
        }

        @Override
        public void accumulate(NDArray total, NDArray term, long steps) {
            total.addi(term.subi(total).divi(steps));
        }
    }

    /** The greatest of the steps. */
    private record Greatest() implements GradientSignal {

        @Override
        public NDArray term(NDArray latent, NDArray gradient) {
            return gradient.mul(latent).abs();
        }

        @Override
        public void accumulate(NDArray total, NDArray term, long steps) {
            NDArray greatest = total.maximum(term);
            total.subi(total).addi(greatest);
        }
    }

    /** What a step makes of a signal, in plain numbers. */
    @FunctionalInterface
    private interface Expected {
        double next(double before, double weight, double gradient, int step);
    }

    @DataProvider
    public Object[][] signals() {
        Expected recent = (before, w, g, step) -> 0.75 * before + 0.25 * Math.abs(g);
        Expected square = (before, w, g, step) -> before + (g * g - before) / step;
        Expected greatest = (before, w, g, step) -> Math.max(before, Math.abs(w * g));
        return new Object[][] {
            {new Recent(0.75f), recent}, {new MeanSquare(), square}, {new Greatest(), greatest}
        };
    }

    @Test(dataProvider = "signals")
    public void anOwnSignalAccumulatesInItsOwnWay(GradientSignal signal, Expected expected)
            throws Exception {
        List<float[]> told = new ArrayList<>();
        FakeTechnique listening =
                new FakeTechnique(
                        "listening",
                        Levels.single("on"),
                        Set.of(signal),
                        (level, proposal) -> {
                            TargetWeight weight = proposal.weights().get(0);
                            told.add(proposal.signal(weight, signal).toFloatArray());
                            return Map.of();
                        });
        CompressionListener listener =
                CompressionListener.builder()
                        .addTechnique(listening)
                        .optGate(open())
                        .optWarmup(1)
                        .build();
        double[] values = new double[8 * 32];
        try (Model model = Toy.model(Toy.mlp())) {
            toy.train(model, 1, following(model.getBlock(), values, expected), listener);
        }
        float[] got = told.get(0);
        for (int i = 0; i < got.length; ++i) {
            // eight terms of single precision, each below 1
            assertEquals(got[i], values[i], 1e-6, signal + " at " + i);
        }
        assertTrue(Arrays.stream(values).max().orElse(0) > 1e-4, "there is something to tell");
    }

    private static TrainingListener following(Block block, double[] values, Expected expected) {
        return new TrainingListenerAdapter() {
            private int step;

            @Override
            public void onTrainingBatch(Trainer trainer, BatchData batchData) {
                ++step;
                NDArray weight = block.getParameters().get(0).getValue().getArray();
                float[] weights = weight.toFloatArray();
                try (NDArray gradient = weight.getGradient()) {
                    float[] gradients = gradient.toFloatArray();
                    for (int i = 0; i < values.length && step <= STEPS; ++i) {
                        values[i] = expected.next(values[i], weights[i], gradients[i], step);
                    }
                }
            }
        };
    }

    /** Ranks by the root of the mean square of the input, and the recent gradients. */
    private static final class Own implements Criterion {

        private static final InputSignal SQUARE = NDArray::square;
        private static final GradientSignal RECENT = new Recent(0.5f);

        @Override
        public NDArray importance(
                TargetWeight weight, NDArray value, Function<Signal, NDArray> signals) {
            NDArray reached = value.abs().mul(signals.apply(SQUARE).sqrt());
            return reached.mul(signals.apply(RECENT));
        }

        @Override
        public Set<Signal> getSignals() {
            return Set.of(SQUARE, RECENT);
        }
    }

    @Test
    public void aCriterionOfOnesOwnPrunesByItsOwnSignals() throws Exception {
        Pruning pruning =
                Pruning.builder()
                        .setTargetSparsity(0.5f)
                        .optSchedule(SparsitySchedule.cubic(2))
                        .optCriterion(new Own())
                        .build();
        CompressionListener listener =
                CompressionListener.builder().addTechnique(pruning).optGate(open()).build();
        try (Model model = Toy.model(Toy.mlp())) {
            Map<String, float[]> trained = toy.train(model, 5, listener);
            assertEquals(Toy.weightZeros(trained), 192, "half of 384");
            assertTrue(toy.accuracy(model.getBlock()) > 0.8, "an untrained guess is 0.25");
        }
    }

    @Test
    public void inputsAreToldInEachWayThatIsAskedFor() throws Exception {
        InputSignal square = NDArray::square;
        List<float[]> told = new ArrayList<>();
        FakeTechnique listening =
                new FakeTechnique(
                        "listening",
                        Levels.single("on"),
                        Set.of(square, Signal.INPUT_MAGNITUDE),
                        (level, proposal) -> {
                            TargetWeight weight = proposal.weights().get(0);
                            told.add(proposal.signal(weight, square).toFloatArray());
                            NDArray magnitude = proposal.signal(weight, Signal.INPUT_MAGNITUDE);
                            told.add(magnitude.toFloatArray());
                            return Map.of();
                        });
        try (Model model = Toy.model(Toy.mlp())) {
            CompressionListener listener =
                    CompressionListener.builder().addTechnique(listening).optGate(open()).build();
            toy.train(model, 1, listener);
        }
        float[] points =
                toy.data(1).getByRange(toy.manager(), 0, 512).getData().head().toFloatArray();
        for (int feature = 0; feature < Toy.FEATURES; ++feature) {
            double squares = 0;
            double magnitudes = 0;
            for (int i = feature; i < points.length; i += Toy.FEATURES) {
                squares += points[i] * points[i] / 512.0;
                magnitudes += Math.abs(points[i]) / 512.0;
            }
            // sums over 512 floats near 1
            assertEquals(told.get(0)[feature], squares, 1e-5);
            assertEquals(told.get(1)[feature], magnitudes, 1e-5);
        }
    }
}
