package dev.bonsai.variational;

import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class DivergenceTest {

    private static final double SCALE = 0.5;
    private static final double RATE = 10;

    /** The formula of the paper, without its constant. */
    private static double divergence(double weight, double logVariance) {
        double logAlpha = logVariance - Math.log(weight * weight);
        double sigmoid = 1 / (1 + Math.exp(-(1.87320 + 1.48695 * logAlpha)));
        return -0.63576 * sigmoid + 0.5 * Math.log1p(Math.exp(-logAlpha));
    }

    private static double[] gradients(float weight, float logVariance) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray toWeight = manager.create(new float[] {1});
            NDArray toParameter = manager.create(new float[] {2});
            Divergence.addGradients(
                    manager.create(new float[] {weight}),
                    manager.create(new float[] {logVariance}),
                    new Divergence.Gradients(toWeight, toParameter),
                    SCALE,
                    RATE);
            return new double[] {toWeight.getFloat(0) - 1.0, toParameter.getFloat(0) - 2.0};
        }
    }

    @DataProvider
    Object[][] points() {
        return new Object[][] {
            {0.5f, -8f}, {-0.5f, -8f}, {0.1f, -3f}, {-0.1f, -5f}, {0.3f, 0f}, {1f, -1f}, {-2f, 3f}
        };
    }

    @Test(dataProvider = "points")
    void gradientsAreThoseOfTheFormula(float weight, float logVariance) {
        double h = 1e-5;
        double toWeight =
                (divergence(weight + h, logVariance) - divergence(weight - h, logVariance)) / 2 / h;
        double toVariance =
                (divergence(weight, logVariance + h) - divergence(weight, logVariance - h)) / 2 / h;
        double[] got = gradients(weight, logVariance);
        // single precision beside an addend of the size 1
        assertEquals(got[0], SCALE * toWeight, 1e-5 * Math.max(1, Math.abs(toWeight)));
        assertEquals(got[1], SCALE * RATE * toVariance, 1e-5);
    }

    @DataProvider
    Object[][] extremes() {
        return new Object[][] {{0f}, {-0f}, {1e-38f}, {1e-20f}, {-1e-15f}, {1e-8f}};
    }

    @Test(dataProvider = "extremes")
    void nothingIsPulledHardWhereTheWeightIsNextToNothing(float weight) {
        double[] got = gradients(weight, -8);
        assertEquals(got[0], 0, 1e-4, "at most w / sigma^2");
        assertEquals(got[1], 0, 1e-6, "at most w^2 / sigma^2");
    }

    @Test
    void aLargeWeightWithLittleNoiseIsPulledSteadily() {
        double[] got = gradients(100, -20);
        assertEquals(got[0], SCALE / 100, 1e-6); // 1 / w, in single precision beside 1
        assertEquals(got[1], -SCALE * RATE / 2, 1e-6);
    }
}
