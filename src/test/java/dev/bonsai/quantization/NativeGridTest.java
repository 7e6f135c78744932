package dev.bonsai.quantization;

import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.NativeFloats;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Rounding in plain Java gives the bits that the engine's operators give. */
public class NativeGridTest extends ManagerTestBase {

    private enum Values {
        NORMAL,
        TINY,
        ZERO,
        HALVES;

        float next(Random random) {
            return switch (this) {
                case NORMAL -> (float) random.nextGaussian();
                case TINY -> (float) random.nextGaussian() * 1e-39f;
                case ZERO -> random.nextBoolean() ? 0f : -0f;
                case HALVES -> (random.nextInt(29) - 14) / 2f;
            };
        }
    }

    @DataProvider
    Object[][] grids() {
        Object[][] grids = new Object[Values.values().length * 3 * 2 * 6][];
        int next = 0;
        for (Values values : Values.values()) {
            for (int bits : new int[] {2, 4, 16}) {
                for (Granularity granularity :
                        List.of(Granularity.perTensor(), Granularity.perChannel())) {
                    for (Shape shape :
                            List.of(
                                    new Shape(1),
                                    new Shape(5, 7),
                                    new Shape(3, 2, 3, 3),
                                    new Shape(300, 300),
                                    new Shape(3, (1 << 14) + 3),
                                    new Shape(40_000, 2))) {
                        grids[next++] = new Object[] {values, bits, granularity, shape};
                    }
                }
            }
        }
        return grids;
    }

    @Test(dataProvider = "grids")
    public void theBitsAreThoseOfTheEngine(
            Object values, int bits, Granularity granularity, Shape shape) {
        Random random = new Random(bits);
        float[] floats = new float[(int) shape.size()];
        for (int i = 0; i < floats.length; ++i) {
            floats[i] = ((Values) values).next(random);
        }
        GridPlan plan =
                new GridPlan(
                        new AffineQuantizer(bits, Mapping.SYMMETRIC),
                        granularity,
                        RangeEstimator.minMax(),
                        Rounding.nearestEven(),
                        ErrorCorrection.NONE);
        NDArray weight = manager.create(floats, shape);
        NDArray target = manager.create(shape);
        NativeGrid.of(plan, granularity.layout(shape))
                .orElseThrow()
                .round(
                        NativeFloats.of(weight).orElseThrow(),
                        NativeFloats.of(target).orElseThrow());
        assertEquals(weight.toFloatArray(), floats, "untouched");
        float[] expected = byOperators(plan, weight);
        int at = Arrays.mismatch(target.toFloatArray(), expected);
        assertEquals(at, -1, at < 0 ? "" : floats[at] + " -> " + expected[at]);
    }

    private static float[] byOperators(GridPlan plan, NDArray weight) {
        int rows = plan.granularity().layout(weight.getShape()).rows();
        NDArray matrix = weight.reshape(rows, -1);
        AffineQuantizer quantizer = plan.quantizer();
        QuantizationParameters parameters =
                quantizer.parameters(
                        matrix.min(new int[] {1}, true), matrix.max(new int[] {1}, true));
        return quantizer.fakeQuantize(matrix, parameters).toFloatArray();
    }
}
