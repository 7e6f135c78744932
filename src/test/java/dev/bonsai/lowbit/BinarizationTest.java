package dev.bonsai.lowbit;

import static dev.bonsai.lowbit.Weights.apply;
import static dev.bonsai.lowbit.Weights.effective;
import static dev.bonsai.lowbit.Weights.normals;
import static dev.bonsai.lowbit.Weights.transform;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Effect;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.WeightError;
import java.util.Arrays;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class BinarizationTest {

    private static final Shape SHAPE = new Shape(4, 25);

    private NDManager state;

    @BeforeClass
    void open() {
        state = NDManager.newBaseManager();
    }

    @AfterClass
    void close() {
        state.close();
    }

    @Test
    void aChannelHasTheMeanMagnitudeOfItsNonzeros() {
        Shape shape = new Shape(2, 4);
        float[] values = {1, -2, 0, -6, 0.5f, 0.5f, -0.5f, -0f};
        assertEquals(
                effective(Binarization.builder().build(), shape, values),
                new float[] {3, -3, 0, -3, 0.5f, 0.5f, -0.5f, 0},
                0f); // small multiples of a half are exact
        assertEquals(
                effective(
                        Binarization.builder().optScale(BinaryScale.PER_TENSOR).build(),
                        new Shape(2, 2),
                        1,
                        -2,
                        0,
                        6),
                new float[] {3, -3, 0, 3},
                0f); // small integers are exact
        assertEquals(
                effective(Binarization.builder().optScale(BinaryScale.UNIT).build(), shape, values),
                new float[] {1, -1, 0, -1, 1, 1, -1, 0},
                0f); // ones are exact
    }

    @Test
    void noOtherScaleIsNearer() {
        for (int seed = 0; seed < 10; ++seed) {
            Shape channel = new Shape(1, 50);
            float[] values = normals(channel, seed);
            float[] signs = effective(Binarization.builder().build(), channel, values);
            double least = WeightError.of(values, signs).mse();
            for (float factor : new float[] {0.9f, 0.99f, 1.01f, 1.1f}) {
                float[] other = signs.clone();
                for (int i = 0; i < other.length; ++i) {
                    other[i] *= factor;
                }
                assertTrue(least < WeightError.of(values, other).mse(), "factor " + factor);
            }
        }
    }

    @DataProvider
    Object[][] scales() {
        return Arrays.stream(BinaryScale.values())
                .map(scale -> new Object[] {scale})
                .toArray(Object[][]::new);
    }

    private static Binarization stochastic(BinaryScale scale, long seed) {
        return Binarization.builder().optScale(scale).optStochastic(seed).build();
    }

    @Test(dataProvider = "scales")
    void theMeanOverTrainingPassesIsTheClippedWeight(BinaryScale scale) {
        float[] values = normals(SHAPE, 2);
        values[3] = 1.5f; // beyond any scale
        WeightTransform transform = transform(stochastic(scale, 1), 1, state, SHAPE, values);
        float[] signs = apply(transform, Mode.INFERENCE, SHAPE, values);
        int passes = 600;
        double[] mean = new double[values.length];
        for (int pass = 0; pass < passes; ++pass) {
            float[] drawn = apply(transform, Mode.TRAINING, SHAPE, values);
            for (int i = 0; i < mean.length; ++i) {
                assertEquals(Math.abs(drawn[i]), Math.abs(signs[i]), 0f, "only the sign is drawn");
                mean[i] += (double) drawn[i] / passes;
            }
        }
        for (int i = 0; i < mean.length; ++i) {
            float size = Math.abs(signs[i]);
            double clipped = Math.max(-size, Math.min(size, values[i]));
            // Five standard errors of a coin with the values plus and minus the size.
            assertEquals(mean[i], clipped, 5 * size / Math.sqrt(passes), "at " + i);
        }
    }

    @Test
    void inferenceTakesTheSignsWhateverTheNoise() {
        float[] values = normals(SHAPE, 7);
        WeightTransform transform =
                transform(stochastic(BinaryScale.PER_CHANNEL, 9), 1, state, SHAPE, values);
        float[] drawn = apply(transform, Mode.TRAINING, SHAPE, values);
        assertFalse(Arrays.equals(drawn, apply(transform, Mode.TRAINING, SHAPE, values)));
        assertEquals(
                apply(transform, Mode.INFERENCE, SHAPE, values),
                effective(Binarization.builder().build(), SHAPE, values),
                0f); // the same operations
    }

    @Test
    void theSeedAndThePositionDecide() {
        float[] values = normals(SHAPE, 7);
        FakeProposal proposal = new FakeProposal(state);
        TargetWeight first = proposal.add("first", SHAPE, values);
        TargetWeight second = proposal.add("second", SHAPE, values);
        float[] drawn = draw(5, proposal, first, values);
        assertEquals(draw(5, proposal, first, values), drawn, 0f); // the same numbers
        assertFalse(Arrays.equals(draw(6, proposal, first, values), drawn));
        assertFalse(Arrays.equals(draw(5, proposal, second, values), drawn));
    }

    private static float[] draw(
            long seed, FakeProposal proposal, TargetWeight weight, float[] values) {
        var signs = stochastic(BinaryScale.UNIT, seed).propose(1, proposal);
        return apply(signs.get(weight), Mode.TRAINING, SHAPE, values);
    }

    @Test
    void weightsOfUnitSignsAreClippedAfterAStep() {
        Binarization unit = Binarization.builder().optScale(BinaryScale.UNIT).build();
        Shape shape = new Shape(2, 3);
        float[] values = {2, -0.5f, -3, 1, -1.5f, 0};
        assertEquals(
                clipped(unit, 1, shape, values),
                new float[] {1, -0.5f, -1, 1, -1, 0},
                0f); // copies and ones
        assertEquals(
                clipped(unit, 0.5, shape, values),
                new float[] {1, -0.5f, -1, 1, -1.5f, 0},
                0f); // the second channel is not binary yet
        assertFalse(
                transform(Binarization.builder().build(), 1, state, shape, values)
                        instanceof StepHook,
                "a mean magnitude follows the weights: clipped ones would shrink it at every step");
    }

    private float[] clipped(Binarization unit, double level, Shape shape, float... values) {
        try (NDManager scratch = NDManager.newBaseManager()) {
            NDArray latent = scratch.create(values, shape);
            ((StepHook) transform(unit, level, state, shape, values)).afterStep(latent);
            return latent.toFloatArray();
        }
    }

    @Test
    void sizesAreLostBehindIt() {
        assertEquals(Binarization.builder().build().getEffect(), Effect.SIGNS);
    }
}
