package dev.bonsai.quantization;

import static org.testng.Assert.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.NativeFloats;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.ScaleLayout;
import java.util.ArrayList;
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

    /** What a grid spans, and how its scales are stored. */
    private record Kind(RangeEstimator estimator, FloatFormat scaleFormat) {}

    @DataProvider
    Object[][] grids() {
        List<Object[]> grids = new ArrayList<>();
        for (Kind kind :
                List.of(
                        new Kind(RangeEstimator.minMax(), FloatFormat.FLOAT32),
                        new Kind(RangeEstimator.rootMeanSquare(1.7f), FloatFormat.FLOAT32),
                        new Kind(RangeEstimator.rootMeanSquare(7), FloatFormat.BFLOAT16))) {
            for (Values values : Values.values()) {
                for (int bits :
                        new int[] {2, 4, kind.scaleFormat() == FloatFormat.FLOAT32 ? 16 : 8}) {
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
                            AffineQuantizer quantizer =
                                    new AffineQuantizer(
                                            bits,
                                            Mapping.SYMMETRIC,
                                            Scales.FREE,
                                            kind.scaleFormat());
                            GridPlan plan =
                                    new GridPlan(
                                            quantizer,
                                            granularity,
                                            kind.estimator(),
                                            Rounding.nearestEven(),
                                            ErrorCorrection.NONE);
                            grids.add(new Object[] {values, plan, shape});
                        }
                    }
                }
            }
        }
        return grids.toArray(Object[][]::new);
    }

    @Test(dataProvider = "grids")
    public void theBitsAreThoseOfTheEngine(Object values, Object options, Shape shape) {
        GridPlan plan = (GridPlan) options;
        Random random = new Random(plan.quantizer().bits());
        float[] floats = new float[(int) shape.size()];
        for (int i = 0; i < floats.length; ++i) {
            floats[i] = ((Values) values).next(random);
        }
        ScaleLayout layout = plan.granularity().layout(shape);
        NDArray weight = manager.create(floats, shape);
        NDArray target = manager.create(shape);
        NativeGrid grid = NativeGrid.of(plan, layout).orElseThrow();
        grid.round(NativeFloats.of(weight).orElseThrow(), NativeFloats.of(target).orElseThrow());
        assertEquals(weight.toFloatArray(), floats, "untouched");
        float[] rounded = target.toFloatArray();
        assertSame(rounded, byOperators(plan, weight), floats);
        int[] dimensions = Arrays.stream(shape.getShape()).mapToInt(Math::toIntExact).toArray();
        EncodedWeight encoded =
                grid.encode(new DenseWeight(dimensions, floats), plan.quantizer().bits(), layout);
        assertSame(rounded, encoded.decode(), floats);
    }

    private static void assertSame(float[] actual, float[] expected, float[] from) {
        int at = Arrays.mismatch(actual, expected);
        assertEquals(at, -1, at < 0 ? "" : from[at] + " -> " + expected[at]);
    }

    private static float[] byOperators(GridPlan plan, NDArray weight) {
        int rows = plan.granularity().layout(weight.getShape()).rows();
        NDArray matrix = weight.reshape(rows, -1);
        AffineQuantizer quantizer = plan.quantizer();
        Range range = plan.estimator().estimate(matrix, quantizer, Mode.INFERENCE);
        QuantizationParameters parameters = quantizer.parameters(range.low(), range.high());
        return quantizer.fakeQuantize(matrix, parameters).toFloatArray();
    }
}
