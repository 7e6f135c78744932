package dev.bonsai.quantization;

import static dev.bonsai.quantization.Fixtures.encode;
import static dev.bonsai.quantization.Fixtures.normals;
import static dev.bonsai.quantization.Fixtures.quantize;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.encoding.GridWeight;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ErrorCorrectionTest {

    @DataProvider
    Object[][] grids() {
        return new Object[][] {
            {2, Mapping.SYMMETRIC}, {4, Mapping.SYMMETRIC}, {8, Mapping.SYMMETRIC},
            {2, Mapping.AFFINE}, {4, Mapping.AFFINE}, {8, Mapping.AFFINE},
        };
    }

    @Test(dataProvider = "grids")
    void theErrorsOfAGroupCancelOut(int bits, Mapping mapping) {
        Shape shape = new Shape(6, 100);
        boolean needed = false;
        for (int seed = 0; seed < 10; ++seed) {
            float[] values = normals(shape, seed);
            Quantization.Builder options = Quantization.builder().setBits(bits).optMapping(mapping);
            float[] plain = quantize(options, shape, values);
            options.optErrorCorrection(ErrorCorrection.MEAN);
            float[] corrected = quantize(options, shape, values);
            GridWeight grid = encode(options, shape, values);
            for (int row = 0; row < 6; ++row) {
                double scale = grid.scales()[row];
                // Half a step, and 100 times what the division and the product round.
                double allowed = scale / 2 + 100 * 0x1p-20;
                needed |= Math.abs(sum(plain, values, row)) > allowed;
                assertTrue(Math.abs(sum(corrected, values, row)) <= allowed, "row " + row);
            }
            for (int i = 0; i < values.length; ++i) {
                double error = Math.abs(corrected[i] - values[i]);
                assertTrue(error <= grid.scales()[i / 100] * (1 + 0x1p-20), "at " + i);
            }
        }
        assertTrue(needed, "some group is off without the correction");
    }

    @Test
    void theNearestToATieIsFlippedFirstAndThenTheLowestIndex() {
        Shape shape = new Shape(1, 6);
        // Steps of 1; the errors sum up to 1.6 steps, so that two are flipped.
        float[] values = {7, 1.25f, 2.4f, 3.25f, 2.3f, 1.4f};
        Quantization.Builder options =
                Quantization.builder().setBits(4).optErrorCorrection(ErrorCorrection.MEAN);
        assertEquals(
                quantize(options, shape, values), new float[] {7, 1, 3, 3, 2, 2}, 0f); // integers
        float[] equal = {7, 1.375f, 2.375f, 3.375f, 0.125f, 0};
        assertEquals(quantize(options, shape, equal), new float[] {7, 2, 2, 3, 0, 0}, 0f);
    }

    @Test
    void noneGoesBeyondTheGrid() {
        Shape shape = new Shape(1, 4);
        RangeEstimator unit =
                (groups, quantizer, mode) -> {
                    var ones = groups.max(new int[] {1}, true).onesLike();
                    return new Range(ones.neg(), ones);
                };
        Quantization.Builder options =
                Quantization.builder()
                        .setBits(2)
                        .optRangeEstimator(unit)
                        .optErrorCorrection(ErrorCorrection.MEAN);
        // Clipped by 9 in sum; only 0.25 can give one step of it, and 0 stays.
        assertEquals(quantize(options, shape, 5, 1.25f, 0.25f, 0), new float[] {1, 1, 1, 0}, 0f);
    }

    private static double sum(float[] effective, float[] values, int row) {
        double sum = 0;
        for (int i = row * 100; i < row * 100 + 100; ++i) {
            sum += (double) effective[i] - values[i];
        }
        return sum;
    }
}
