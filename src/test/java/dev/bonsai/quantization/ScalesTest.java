package dev.bonsai.quantization;

import static dev.bonsai.quantization.Fixtures.encode;
import static dev.bonsai.quantization.Fixtures.greatest;
import static dev.bonsai.quantization.Fixtures.normals;
import static dev.bonsai.quantization.Fixtures.quantize;
import static dev.bonsai.quantization.Fixtures.transform;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Scales that are powers of two or of 16 bits. */
public class ScalesTest {

    private static final List<Shape> SHAPES = List.of(new Shape(5, 3, 3, 3), new Shape(9));

    private static final List<RangeEstimator> ESTIMATORS =
            List.of(
                    RangeEstimator.minMax(),
                    RangeEstimator.movingAverage(0.5f),
                    RangeEstimator.percentile(95),
                    RangeEstimator.mse());

    private static Quantization.Builder powers(int bits) {
        return Quantization.builder().setBits(bits).optScales(Scales.POWER_OF_TWO);
    }

    private static Quantization.Builder brain(int bits) {
        return Quantization.builder().setBits(bits).optScaleFormat(FloatFormat.BFLOAT16);
    }

    @DataProvider
    Object[][] combinations() {
        List<Object[]> rows = new ArrayList<>();
        for (int bits : new int[] {2, 8}) {
            for (RangeEstimator estimator : ESTIMATORS) {
                for (Granularity granularity : Fixtures.GRANULARITIES) {
                    for (UnaryOperator<Quantization.Builder> roundings : Fixtures.ROUNDINGS) {
                        for (Quantization.Builder options : List.of(powers(bits), brain(bits))) {
                            options.optRangeEstimator(estimator).optGranularity(granularity);
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

    /** Bit for bit, also twice: the scale is found again exactly. */
    @Test(dataProvider = "combinations")
    void fulfilsTheContractExactly(Quantization.Builder options, Shape shape, int seed) {
        float[] values = normals(shape, seed);
        try (NDManager state = NDManager.newBaseManager()) {
            WeightTransform transform = transform(options.build(), state, shape, values);
            WeightTransformContract.of(transform, state, shape, values)
                    .restoredBy(options.build())
                    .check();
        }
    }

    @Test
    void widerGridsOfPowersOfTwoFulfilItToo() {
        for (int bits : new int[] {9, 12, 16, 17, 24, 32}) {
            Shape shape = new Shape(4, 25);
            float[] values = normals(shape, bits);
            try (NDManager state = NDManager.newBaseManager()) {
                WeightTransform transform = transform(powers(bits).build(), state, shape, values);
                WeightTransformContract.of(transform, state, shape, values)
                        .restoredBy(powers(bits).build())
                        .check();
            }
        }
    }

    @Test
    void powersOfTwoClipNothingAndAreAtMostTwiceTheFreeScale() {
        Shape shape = new Shape(8, 50);
        for (int bits = 2; bits <= 16; ++bits) {
            float[] values = normals(shape, bits);
            float[] free = encode(Quantization.builder().setBits(bits), shape, values).scales();
            GridWeight grid = encode(powers(bits), shape, values);
            float[] effective = grid.decode();
            for (int i = 0; i < values.length; ++i) {
                float scale = grid.scales()[i / 50];
                assertEquals(scale, Math.scalb(1f, Math.getExponent(scale)), 0f); // a power
                assertTrue(scale >= free[i / 50] && scale < 2 * free[i / 50], "at " + i);
                // Half a step: division and product with a power of two are exact.
                assertTrue(Math.abs(effective[i] - values[i]) <= scale / 2, "at " + i);
            }
        }
    }

    @Test
    void scalesOf16BitsAreTheNearestAndLoseNoCode() {
        Shape shape = new Shape(64, 20);
        for (int bits = 2; bits <= 8; ++bits) {
            float[] values = normals(shape, bits);
            float[] free = encode(Quantization.builder().setBits(bits), shape, values).scales();
            GridWeight grid = encode(brain(bits), shape, values);
            int last = (1 << (bits - 1)) - 1;
            float[] effective = grid.decode();
            for (int group = 0; group < 64; ++group) {
                assertEquals(grid.scales()[group], FloatFormat.BFLOAT16.round(free[group]), 0f);
                int greatest = 0;
                for (int i = 20 * group; i < 20 * group + 20; ++i) {
                    greatest = Math.max(greatest, Math.abs(grid.codes().get(i)));
                    // Half a step, and some roundings of the division.
                    double allowed = grid.scales()[group] / 2 + 8 * Math.ulp(greatest(values));
                    assertTrue(Math.abs(effective[i] - values[i]) <= allowed, "at " + i);
                }
                assertEquals(greatest, last);
            }
        }
    }

    @Test
    void extremeWeightsAndZerosHaveUsableScales() {
        Shape shape = new Shape(4, 2);
        float[] values = {0, 0, Float.MAX_VALUE, 1, 0x1p-140f, 0, 0x1p-126f, 0};
        for (Quantization.Builder options : List.of(powers(2), brain(2))) {
            float[] effective = quantize(options, shape, values);
            for (float value : effective) {
                assertTrue(Float.isFinite(value), "finite: " + value);
            }
            assertEquals(encode(options, shape, values).scales()[0], 1f);
            assertEquals(effective[6], 0x1p-126f);
        }
    }

    @Test
    void aWidthAbove8BitsOnTheWayKeepsScalesOf32Bits() {
        AffineQuantizer quantizer =
                new AffineQuantizer(4, Mapping.SYMMETRIC, Scales.FREE, FloatFormat.BFLOAT16);
        GridPlan plan =
                new GridPlan(
                        quantizer,
                        Granularity.perTensor(),
                        RangeEstimator.minMax(),
                        Rounding.nearestEven(),
                        ErrorCorrection.NONE);
        assertEquals(plan.at(9).quantizer().scaleFormat(), FloatFormat.FLOAT32);
        assertEquals(plan.at(8).quantizer().scaleFormat(), FloatFormat.BFLOAT16);
    }

    /** A bias has one dimension, and one scale whatever the granularity. */
    @Test
    void biasesAreQuantizedWithOneScale() {
        Shape shape = new Shape(10);
        float[] values = normals(shape, 3);
        for (Granularity granularity : List.of(Granularity.perTensor(), Granularity.perChannel())) {
            for (int bits = 4; bits <= 8; ++bits) {
                GridWeight grid = encode(brain(bits).optGranularity(granularity), shape, values);
                assertEquals(grid.scales().length, 1);
                assertEquals(grid.shape(), new int[] {10});
            }
        }
    }
}
