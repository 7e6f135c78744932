package dev.bonsai.variational;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Learned;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class NoisyWeightTest extends ManagerTestBase {

    private static final float RATE = 10;
    private static final ForwardPass TRAINING = WeightTransformContract.pass(Mode.TRAINING);
    private static final ForwardPass INFERENCE = WeightTransformContract.pass(Mode.INFERENCE);

    @DataProvider
    Object[][] weights() {
        return new Object[][] {
            {new Shape(4, 6), 1},
            {new Shape(5, 3, 3, 3), 2},
            {new Shape(7), 3},
            {new Shape(1, 1), 4}
        };
    }

    @Test(dataProvider = "weights")
    void fulfilsTheContract(Shape shape, int seed) {
        float[] values = gaussian(seed, shape);
        WeightTransformContract.of(noisy(shape, spread(seed, shape)), manager, shape, values)
                .noisyInTraining()
                .restoredBy(technique())
                .check();
    }

    @Test(dataProvider = "weights")
    void aWeightWithoutAnyLeftKeepsTheElementOfTheLeastNoise(Shape shape, int seed) {
        NoisyWeight noisy = noisy(shape, filled(shape, 20)); // log alpha is 20 or so
        float[] values = gaussian(seed, shape);
        int largest = 0;
        for (int i = 0; i < values.length; ++i) {
            largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
        }
        float[] expected = new float[values.length];
        expected[largest] = values[largest];
        assertEquals(apply(noisy, INFERENCE, shape, values), expected);
        WeightTransformContract.of(noisy, manager, shape, values)
                .noisyInTraining()
                .restoredBy(technique())
                .check();
    }

    @Test
    void amongEqualsTheLowestIndexIsKept() {
        Shape shape = new Shape(2, 2);
        NoisyWeight noisy = noisy(shape, filled(shape, 20));
        assertEquals(apply(noisy, INFERENCE, shape, 0.5f, -1, 1, -1), new float[] {0, -1, 0, 0});
    }

    @Test
    void whatIsMostlyNoiseIsZeroOutsideTraining() {
        Shape shape = new Shape(4);
        NoisyWeight noisy = noisy(shape, new float[] {2.9f, 3.1f, 2.9f, 3.1f});
        // log alpha = log sigma^2 where |w| is 1, with the threshold 3
        assertEquals(apply(noisy, INFERENCE, shape, 1, 1, -1, -1), new float[] {1, 0, -1, 0});
        assertEquals(apply(noisy, INFERENCE, shape, 0.5f, 2, -0.5f, -2), new float[] {0, 2, 0, -2});
    }

    @Test
    void theNoiseIsNormalWithTheLearnedDeviationAndItsOppositeInTheNextPass() {
        Shape shape = new Shape(100, 100);
        NoisyWeight noisy = noisy(shape, filled(shape, -4)); // a deviation of exp(-2)
        float[] values = filled(shape, 1);
        float[] first = apply(noisy, TRAINING, shape, values);
        float[] second = apply(noisy, TRAINING, shape, values);
        float[] third = apply(noisy, TRAINING, shape, values);
        double mean = 0;
        double squares = 0;
        double product = 0;
        for (int i = 0; i < values.length; ++i) {
            double noise = (first[i] - 1) / Math.exp(-2);
            assertEquals(second[i] - 1, 1 - first[i], 1e-6, "rounding of sums of the size 1");
            mean += noise / values.length;
            squares += noise * noise / values.length;
            product += noise * (third[i] - 1) / Math.exp(-2) / values.length;
        }
        // four standard errors of 10,000 draws: 0.01, 0.014 for the variance, 0.01
        assertEquals(mean, 0, 0.04);
        assertEquals(squares, 1, 0.06);
        assertEquals(product, 0, 0.04, "a new noise every other pass");
    }

    @Test
    void theNoiseLeavesExactZerosAlone() {
        Shape shape = new Shape(3);
        NoisyWeight noisy = noisy(shape, filled(shape, 4));
        for (int pass = 0; pass < 6; ++pass) {
            float[] seen = apply(noisy, TRAINING, shape, 0, -0f, 1);
            assertEquals(Float.floatToRawIntBits(seen[0]), 0);
            assertEquals(Float.floatToRawIntBits(seen[1]), 0);
        }
    }

    @Test
    void theParameterLearnsFromTheNoiseThatItMade() {
        Shape shape = new Shape(6, 5);
        float[] values = gaussian(5, shape);
        float[] upstream = gaussian(6, shape);
        Parameter parameter = parameter(shape, spread(7, shape));
        NoisyWeight noisy = noisy(shape, parameter);
        for (int pass = 0; pass < 2; ++pass) {
            try (NDManager scratch = manager.newSubManager();
                    GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.zeroGradients();
                NDArray weight = scratch.create(values, shape);
                weight.setRequiresGradient(true);
                NDArray seen = noisy.apply(weight, TRAINING);
                collector.backward(seen.mul(scratch.create(upstream, shape)).sum());
                float[] got = parameter.getArray().getGradient().toFloatArray();
                float[] effective = seen.toFloatArray();
                for (int i = 0; i < got.length; ++i) {
                    float expected = upstream[i] * (effective[i] - values[i]) * RATE / 2;
                    // the difference has the rounding of the sum, times a factor of up to 20
                    assertEquals(got[i], expected, 1e-4 * Math.max(1, Math.abs(expected)));
                }
            }
        }
    }

    @Test
    void masksWhatATransformBeforeItEncoded() {
        Shape shape = new Shape(2, 2);
        EncodedWeight before =
                new CodebookWeight(new int[] {2, 2}, new float[] {-1, 2}, new int[] {0, 1, 1, 0});
        NoisyWeight noisy = noisy(shape, filled(shape, 4)); // 2.6 where |w| is 2
        EncodedWeight after = noisy.encode(before, manager);
        assertEquals(after.decode(), new float[] {0, 2, 2, 0});
        assertEquals(after.getClass(), CodebookWeight.class);
    }

    @Test
    void aStepLeavesNothingBehindAndTheWeightAlone() {
        Shape shape = new Shape(3, 2);
        NoisyWeight noisy = noisy(shape, filled(shape, -1));
        int owned = manager.getManagedArrays().size();
        try (NDManager scratch = NDManager.newBaseManager()) {
            float[] values = gaussian(1, shape);
            NDArray latent = scratch.create(values, shape);
            NDArray gradient = scratch.zeros(shape);
            noisy.beforeStep(latent, gradient, TRAINING);
            assertEquals(latent.toFloatArray(), values);
            float[] pulled = gradient.toFloatArray();
            for (int i = 0; i < values.length; ++i) {
                assertTrue(pulled[i] * values[i] > 0, "descent goes towards zero");
            }
        }
        assertEquals(manager.getManagedArrays().size(), owned);
    }

    private float[] apply(NoisyWeight noisy, ForwardPass pass, Shape shape, float... values) {
        try (NDManager scratch = manager.newSubManager()) {
            return noisy.apply(scratch.create(values, shape), pass).toFloatArray();
        }
    }

    private Parameter parameter(Shape shape, float[] logVariances) {
        return Learned.parameter("own", manager.create(logVariances, shape).divi(RATE));
    }

    /** Draws the same noise: its seed and the step of the origin give that of the generator. */
    private static VariationalDropout technique() {
        return VariationalDropout.builder().setSamples(1).optVarianceRate(RATE).build();
    }

    private NoisyWeight noisy(Shape shape, float[] logVariances) {
        return noisy(shape, parameter(shape, logVariances));
    }

    private NoisyWeight noisy(Shape shape, Parameter parameter) {
        SplittableRandom random = new SplittableRandom(1);
        Noise noise = new Noise((int) shape.size(), random, manager);
        return new NoisyWeight(
                new NoisyWeight.Settings(3, RATE, 0.01),
                parameter,
                new NoisyWeight.Source(noise, manager.create(0f)),
                random.split(),
                new NoisyWeight.Origin(1, 0));
    }

    private static float[] gaussian(int seed, Shape shape) {
        Random random = new Random(seed);
        float[] values = new float[(int) shape.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Variances of which some remove an element and some don't. */
    private static float[] spread(int seed, Shape shape) {
        float[] values = gaussian(seed + 100, shape);
        for (int i = 0; i < values.length; ++i) {
            values[i] = 2 + 2 * values[i];
        }
        return values;
    }

    private static float[] filled(Shape shape, float value) {
        float[] values = new float[(int) shape.size()];
        Arrays.fill(values, value);
        return values;
    }
}
