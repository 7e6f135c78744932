package dev.bonsai.quantization;

import static dev.bonsai.quantization.Fixtures.GRANULARITIES;
import static dev.bonsai.quantization.Fixtures.ROUNDINGS;
import static dev.bonsai.quantization.Fixtures.apply;
import static dev.bonsai.quantization.Fixtures.encode;
import static dev.bonsai.quantization.Fixtures.greatest;
import static dev.bonsai.quantization.Fixtures.normals;
import static dev.bonsai.quantization.Fixtures.quantize;
import static dev.bonsai.quantization.Fixtures.transform;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.WeightError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class GridTransformTest {

    private static final List<Shape> SHAPES = List.of(new Shape(5, 3, 3, 3), new Shape(1, 1));

    /** Those for which quantizing twice is quantizing once. */
    private static final List<RangeEstimator> ESTIMATORS =
            List.of(
                    RangeEstimator.minMax(),
                    RangeEstimator.movingAverage(0.5f),
                    RangeEstimator.percentile(95),
                    RangeEstimator.mse());

    @DataProvider
    Object[][] combinations() {
        List<Object[]> rows = new ArrayList<>();
        for (Mapping mapping : Mapping.values()) {
            for (Granularity granularity : GRANULARITIES) {
                for (RangeEstimator estimator : ESTIMATORS) {
                    for (UnaryOperator<Quantization.Builder> roundings : ROUNDINGS) {
                        for (int bits : new int[] {2, 9}) {
                            Quantization.Builder options =
                                    Quantization.builder()
                                            .setBits(bits)
                                            .optMapping(mapping)
                                            .optGranularity(granularity)
                                            .optRangeEstimator(estimator);
                            for (Shape shape : SHAPES) {
                                rows.add(
                                        new Object[] {
                                            roundings.apply(options), shape, rows.size()
                                        });
                            }
                        }
                    }
                }
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "combinations")
    void fulfilsTheContract(Quantization.Builder options, Shape shape, int seed) {
        float[] values = normals(shape, seed);
        try (NDManager state = NDManager.newBaseManager()) {
            WeightTransform transform = transform(options.build(), state, shape, values);
            WeightTransformContract.of(transform, state, shape, values)
                    // The scale is found again from the rounded values, within the 2^-22 by which
                    // an affine one is narrowed and a few roundings of 2^-24.
                    .idempotentWithin(greatest(values) * 0x1p-20f)
                    .restoredBy(options.build())
                    .check();
        }
    }

    @Test
    void aLargeWeightFulfilsTheContract() {
        Shape shape = new Shape(300, 4, 8, 8); // rows are folded to find their range
        float[] values = normals(shape, 4);
        try (NDManager state = NDManager.newBaseManager()) {
            WeightTransform transform =
                    transform(Quantization.builder().setBits(4).build(), state, shape, values);
            WeightTransformContract.of(transform, state, shape, values)
                    .idempotentWithin(greatest(values) * 0x1p-22f) // some roundings of the scale
                    .restoredBy(Quantization.builder().setBits(4).build())
                    .check();
        }
    }

    @DataProvider
    Object[][] bitsAndMappings() {
        List<Object[]> rows = new ArrayList<>();
        for (int bits : new int[] {2, 3, 4, 5, 8, 12, 16, 17, 20, 24, 31, 32}) {
            for (Mapping mapping : Mapping.values()) {
                rows.add(new Object[] {bits, mapping});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "bitsAndMappings")
    void errorIsAtMostHalfAStep(int bits, Mapping mapping) {
        Shape shape = new Shape(8, 50);
        for (int seed = 0; seed < 5; ++seed) {
            float[] values = normals(shape, seed);
            Quantization.Builder options = Quantization.builder().setBits(bits).optMapping(mapping);
            float[] effective = quantize(options, shape, values);
            GridWeight grid = encode(options, shape, values);
            assertEquals(effective, grid.decode(), 0f, "decoded"); // exact by contract
            for (int i = 0; i < values.length; ++i) {
                float scale = grid.scales()[i / 50];
                // What the division, the scale and the product round: a few ulps of the largest.
                double allowed = scale / 2 + 8 * Math.ulp(greatest(values));
                assertTrue(Math.abs(effective[i] - values[i]) <= allowed, "at " + i);
            }
        }
    }

    @Test(dataProvider = "bitsAndMappings")
    void wideAndNarrowGridsFulfilTheContract(int bits, Mapping mapping) {
        Shape shape = new Shape(4, 25);
        float[] values = normals(shape, bits);
        try (NDManager state = NDManager.newBaseManager()) {
            Quantization.Builder options = Quantization.builder().setBits(bits).optMapping(mapping);
            WeightTransform transform = transform(options.build(), state, shape, values);
            WeightTransformContract.of(transform, state, shape, values)
                    .idempotentWithin(greatest(values) * 0x1p-20f) // as above
                    .restoredBy(options.build())
                    .check();
        }
    }

    @Test
    void moreBitsAreNeverWorse() {
        Shape shape = new Shape(16, 64);
        for (Mapping mapping : Mapping.values()) {
            float[] values = normals(shape, 5);
            double last = Double.POSITIVE_INFINITY;
            for (int bits = 2; bits <= 16; ++bits) {
                double mse =
                        mse(
                                Quantization.builder().setBits(bits).optMapping(mapping),
                                shape,
                                values);
                assertTrue(mse < last, bits + " bits: " + mse + ", with one less: " + last);
                last = mse;
            }
        }
    }

    @Test
    void finerGranularityIsBetterWhereChannelsDiffer() {
        Shape shape = new Shape(8, 64);
        float[] values = normals(shape, 3);
        for (int i = 0; i < values.length; ++i) {
            int channel = i / 64;
            values[i] *= 1 << (2 * channel); // the last channel is 16,384 times the first
        }
        double[] mse =
                GRANULARITIES.stream()
                        .mapToDouble(
                                granularity ->
                                        mse(
                                                Quantization.builder()
                                                        .setBits(4)
                                                        .optGranularity(granularity),
                                                shape,
                                                values))
                        .toArray();
        assertTrue(mse[1] < mse[0] && mse[2] < mse[1], Arrays.toString(mse));
    }

    @Test
    void affineIsBetterOnOneSideOfZero() {
        Shape shape = new Shape(4, 64);
        float[] values = normals(shape, 8);
        for (int i = 0; i < values.length; ++i) {
            values[i] = Math.abs(values[i]);
        }
        Quantization.Builder options = Quantization.builder().setBits(4);
        double symmetric = mse(options, shape, values);
        assertTrue(mse(options.optMapping(Mapping.AFFINE), shape, values) < symmetric / 2);
    }

    @Test
    void knownValuesAreRoundedToTheEvenStep() {
        Shape shape = new Shape(1, 8);
        // The greatest is 7 = 2^3 - 1 steps of 4 bits, so that the scale is 1.
        float[] values = {7, 0.5f, 1.5f, -2.5f, -0.5f, 2.4f, -7, 0};
        assertEquals(
                quantize(Quantization.builder().setBits(4), shape, values),
                new float[] {7, 0, 2, -2, 0, 2, -7, 0},
                0f); // small integers are exact
    }

    @Test
    void aGroupOfZerosStaysZeroAndAConstantOneStaysConstant() {
        Shape shape = new Shape(3, 4);
        float[] values = {0, 0, 0, -0f, 0.3f, 0.3f, 0.3f, 0.3f, 0x1p-140f, 0, -0x1p-140f, 0};
        for (Mapping mapping : Mapping.values()) {
            for (Granularity granularity : GRANULARITIES.subList(1, 3)) {
                Quantization.Builder options =
                        Quantization.builder()
                                .setBits(4)
                                .optMapping(mapping)
                                .optGranularity(granularity);
                float[] effective = quantize(options, shape, values);
                float[] expected = {0, 0, 0, 0, 0.3f, 0.3f, 0.3f, 0.3f, 0, 0, 0, 0};
                assertEquals(effective, expected, 0.3f * 0x1p-21f); // the rounding of the scale
                GridWeight grid = encode(options, shape, values);
                assertEquals(grid.scales()[0], 1f);
                assertEquals(grid.scales()[2], 1f); // the true one would not be a normal float
            }
        }
    }

    @Test
    void anAffineGridWithTiesAtBothEndsIsStillFull() {
        // Steps of 1: from -6.5 to 8.5 both ends would be rounded inwards, to 15 codes of 16.
        Shape shape = new Shape(1, 4);
        float[] values = {-6.5f, 8.5f, 1, 2};
        Quantization.Builder options = Quantization.builder().setBits(4).optMapping(Mapping.AFFINE);
        GridWeight grid = encode(options, shape, values);
        assertEquals(grid.codes().get(0), -8);
        assertEquals(grid.codes().get(1), 7);
    }

    @Test
    void groupsAreCutFromRowsAndTheLastMayBeShort() {
        Shape shape = new Shape(2, 5);
        float[] values = {1, 2, 3, 4, 5, 10, 20, 30, 40, 50};
        GridWeight grid =
                encode(
                        Quantization.builder().setBits(8).optGranularity(Granularity.perGroup(2)),
                        shape,
                        values);
        float[] scales = new float[6];
        float[] greatest = {2, 4, 5, 20, 40, 50};
        for (int i = 0; i < scales.length; ++i) {
            scales[i] = greatest[i] / 127;
        }
        assertEquals(grid.scales(), scales, 0f); // the same division
        assertEquals(
                grid.codes().toArray(), new int[] {64, 127, 95, 127, 127, 64, 127, 95, 127, 127});
    }

    @Test
    void keepsTheTypeOfTheWeight() {
        try (NDManager state = NDManager.newBaseManager();
                NDManager scratch = NDManager.newBaseManager()) {
            Shape shape = new Shape(1, 3);
            WeightTransform transform =
                    transform(Quantization.builder().setBits(4).build(), state, shape, 7, 1, 2);
            for (DataType type : List.of(DataType.FLOAT16, DataType.FLOAT64)) {
                NDArray weight = scratch.create(new float[] {7, 1.2f, -2.9f}).toType(type, true);
                NDArray effective =
                        transform.apply(
                                weight.reshape(shape), WeightTransformContract.pass(Mode.TRAINING));
                assertEquals(effective.getDataType(), type);
                assertEquals(
                        effective.toType(DataType.FLOAT32, true).toFloatArray(),
                        new float[] {7, 1, -3},
                        0f); // small integers are exact
            }
        }
    }

    @Test
    void scalesFollowTheWeight() {
        try (NDManager state = NDManager.newBaseManager()) {
            Shape shape = new Shape(1, 2);
            WeightTransform transform =
                    transform(Quantization.builder().setBits(2).build(), state, shape, 1, 1);
            float[] grown = apply(transform, Mode.TRAINING, shape, 5, 1);
            assertEquals(grown, new float[] {5, 0}, 0f); // one step of 5
        }
    }

    private static double mse(Quantization.Builder options, Shape shape, float[] values) {
        return WeightError.of(values, quantize(options, shape, values)).mse();
    }
}
