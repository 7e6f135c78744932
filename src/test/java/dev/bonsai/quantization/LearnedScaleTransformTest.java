package dev.bonsai.quantization;

import static dev.bonsai.quantization.Fixtures.apply;
import static dev.bonsai.quantization.Fixtures.encode;
import static dev.bonsai.quantization.Fixtures.normals;
import static dev.bonsai.quantization.Fixtures.transform;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class LearnedScaleTransformTest {

    private static Quantization.Builder learned(int bits) {
        return Quantization.builder().setBits(bits).optScales(Scales.LEARNED);
    }

    @DataProvider
    Object[][] combinations() {
        List<Object[]> rows = new ArrayList<>();
        List<Granularity> granularities =
                List.of(Granularity.perTensor(), Granularity.perChannel(), Granularity.perGroup(4));
        List<Shape> shapes =
                List.of(new Shape(6, 10), new Shape(5, 3, 3, 3), new Shape(9), new Shape(3, 8));
        for (int bits : new int[] {2, 3, 4, 8, 16}) {
            for (Granularity granularity : granularities) {
                for (Shape shape : shapes) {
                    Quantization.Builder options = learned(bits).optGranularity(granularity);
                    if (bits == 3) {
                        options.optScaleFormat(FloatFormat.BFLOAT16);
                    }
                    rows.add(new Object[] {options, bits, shape, rows.size()});
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    /** Where the scales have moved, so that some weights are clipped. */
    @Test(dataProvider = "combinations")
    void fulfilsTheContract(Quantization.Builder options, int bits, Shape shape, int seed) {
        float[] values = normals(shape, seed);
        try (NDManager state = NDManager.newBaseManager()) {
            WeightTransform transform = transform(options.build(), state, shape, values);
            grow(transform, -0.4f);
            GridWeight grid = grid(transform, shape, values);
            int last = (1 << (bits - 1)) - 1;
            WeightTransformContract.of(transform, state, shape, values)
                    .gradient(
                            upstream -> {
                                for (int i = 0; i < upstream.length; ++i) {
                                    float scale = grid.scales()[grid.layout().groupOf(i)];
                                    upstream[i] *= Math.abs(values[i] / scale) <= last ? 1 : 0;
                                }
                                return upstream;
                            })
                    .restoredBy(options.build())
                    .check();
        }
    }

    @Test(dataProvider = "combinations")
    void theScalesReceiveTheGradientOfThePaper(
            Quantization.Builder options, int bits, Shape shape, int seed) {
        float[] values = normals(shape, seed);
        float[] upstream = normals(shape, seed + 1000);
        try (NDManager state = NDManager.newBaseManager();
                NDManager scratch = NDManager.newBaseManager();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            WeightTransform transform = transform(options.build(), state, shape, values);
            grow(transform, -0.4f);
            GridWeight grid = grid(transform, shape, values);
            double[] expected = new double[grid.scales().length];
            int[] sizes = new int[expected.length];
            int last = (1 << (bits - 1)) - 1;
            for (int i = 0; i < values.length; ++i) {
                int group = grid.layout().groupOf(i);
                float steps = values[i] / grid.scales()[group];
                double slope =
                        Math.abs(steps) < last
                                ? grid.codes().get(i) - steps
                                : last * Math.signum(steps);
                expected[group] += slope * upstream[i];
                ++sizes[group];
            }
            NDArray weight = scratch.create(values, shape);
            NDArray effective =
                    transform.apply(weight, WeightTransformContract.pass(Mode.TRAINING));
            collector.backward(effective.mul(scratch.create(upstream, shape)).sum());
            float[] got = transform.getParameters().get(0).getArray().getGradient().toFloatArray();
            for (int group = 0; group < got.length; ++group) {
                double scale = grid.scales()[group];
                double wanted = expected[group] / Math.sqrt((double) sizes[group] * last) / scale;
                // Sums of a few dozen products in 32 bits; at 16 bits steps are great numbers
                // whose distances to the nearest are known to 2^-9 only.
                double allowed = (1e-4 + (bits == 16 ? 0.05 : 0)) / scale;
                assertEquals(got[group], wanted, allowed, "group " + group);
            }
        }
    }

    @Test
    void startsWithTheScaleOfTheEstimator() {
        Shape shape = new Shape(4, 30);
        float[] values = normals(shape, 2);
        for (RangeEstimator estimator : List.of(RangeEstimator.minMax(), RangeEstimator.mse())) {
            Quantization.Builder free =
                    Quantization.builder().setBits(4).optRangeEstimator(estimator);
            assertEquals(
                    encode(learned(4).optRangeEstimator(estimator), shape, values).scales(),
                    encode(free, shape, values).scales(),
                    0f); // the same computation, and exp(0) is 1
        }
        assertEquals(
                encode(learned(4), shape, values).scales(),
                encode(learned(4).optRangeEstimator(RangeEstimator.mse()), shape, values).scales(),
                0f);
    }

    @Test
    void oneLogarithmAGroupIsTrained() {
        Shape shape = new Shape(4, 30);
        try (NDManager state = NDManager.newBaseManager()) {
            Quantization quantization = learned(4).optGranularity(Granularity.perGroup(16)).build();
            List<Parameter> own =
                    transform(quantization, state, shape, normals(shape, 1)).getParameters();
            assertEquals(own.size(), 1);
            assertEquals(own.get(0).getArray().getShape(), new Shape(8));
            assertEquals(own.get(0).getName(), "weight_scale");
            assertTrue(own.get(0).getArray().hasGradient());
        }
    }

    @Test
    void aScaleThatWentAstrayStaysPositiveAndFinite() {
        Shape shape = new Shape(1, 4);
        float[] values = {1, -2, 0, 3};
        for (float far : new float[] {-1000, 1000}) {
            try (NDManager state = NDManager.newBaseManager()) {
                WeightTransform transform = transform(learned(4).build(), state, shape, values);
                grow(transform, far);
                for (float value : apply(transform, Mode.TRAINING, shape, values)) {
                    assertTrue(Float.isFinite(value), far + ": " + value);
                }
                grid(transform, shape, values); // does not throw
            }
        }
    }

    private static void grow(WeightTransform transform, float logarithm) {
        NDArray alias = transform.getParameters().get(0).getArray().stopGradient();
        alias.set(new NDIndex("..."), logarithm);
        alias.close();
    }

    private static GridWeight grid(WeightTransform transform, Shape shape, float[] values) {
        int[] dimensions = new int[shape.dimension()];
        for (int i = 0; i < dimensions.length; ++i) {
            dimensions[i] = (int) shape.get(i);
        }
        try (NDManager scratch = NDManager.newBaseManager()) {
            return (GridWeight)
                    transform.encode(new DenseWeight(dimensions, values.clone()), scratch);
        }
    }
}
