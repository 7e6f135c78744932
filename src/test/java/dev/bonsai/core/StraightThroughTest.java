package dev.bonsai.core;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;

import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.Random;
import org.testng.annotations.Test;

public class StraightThroughTest extends ManagerTestBase {

    /** Values of every size that a float has, of both signs. */
    private static float[] values(int seed) {
        Random random = new Random(seed);
        float[] values = new float[500];
        for (int i = 0; i < values.length; ++i) {
            values[i] = Math.scalb(2 * random.nextFloat() - 1, random.nextInt(250) - 125);
        }
        return values;
    }

    @Test
    void valueIsTheEffectiveOneBitForBitHoweverFarTheWeightIs() {
        float[] effective = values(1);
        NDArray weight = manager.create(values(2));
        weight.setRequiresGradient(true);
        NDArray result = StraightThrough.of(manager.create(effective), weight);
        float[] got = result.toFloatArray();
        for (int i = 0; i < got.length; ++i) {
            assertEquals(Float.floatToRawIntBits(got[i]), Float.floatToRawIntBits(effective[i]));
        }
    }

    @Test
    void negativeZeroBecomesPositive() {
        NDArray result =
                StraightThrough.of(
                        manager.create(new float[] {-0f, -0f, 0f}),
                        manager.create(new float[] {-1, -0f, 3}));
        for (float value : result.toFloatArray()) {
            assertEquals(Float.floatToRawIntBits(value), 0);
        }
    }

    @Test
    void gradientPassesAsIfTheStepWereTheIdentity() {
        float[] gradient = {1, -2, 0.5f, 0};
        NDArray weight = manager.create(new float[] {0.3f, 7, -1e-3f, 0});
        weight.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray effective = manager.create(new float[] {1, 0, 0, 5});
            NDArray result = StraightThrough.of(effective, weight);
            collector.backward(result.mul(manager.create(gradient)).sum());
            assertEquals(weight.getGradient().toFloatArray(), gradient);
        }
    }

    @Test
    void effectiveArrayItselfIsReturnedAndNothingElseIsLeftBehind() {
        try (NDManager weights = manager.newSubManager();
                NDManager batch = manager.newSubManager()) {
            NDArray weight = weights.create(new float[] {1, 2});
            weight.setRequiresGradient(true);
            NDArray effective = batch.create(new float[] {3, 4});
            assertSame(StraightThrough.of(effective, weight), effective);
            assertSame(effective.getManager(), batch);
            assertEquals(((BaseNDManager) weights).getManagedArrays().size(), 1);
            assertEquals(((BaseNDManager) batch).getManagedArrays().size(), 1);
            assertEquals(weight.toFloatArray(), new float[] {1, 2});
        }
    }
}
