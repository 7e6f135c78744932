package dev.bonsai.quantization;

import static dev.bonsai.quantization.Fixtures.normals;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ManagerTestBase;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class AffineQuantizerTest extends ManagerTestBase {

    @Test
    void codesAreThoseOfTheWidth() {
        AffineQuantizer symmetric = new AffineQuantizer(4, Mapping.SYMMETRIC);
        assertEquals(symmetric.lowestCode(), -7);
        assertEquals(symmetric.highestCode(), 7);
        AffineQuantizer affine = new AffineQuantizer(32, Mapping.AFFINE);
        assertEquals(affine.lowestCode(), Integer.MIN_VALUE);
        assertEquals(affine.highestCode(), Integer.MAX_VALUE);
    }

    @DataProvider
    Object[][] quantizers() {
        List<Object[]> rows = new ArrayList<>();
        for (int bits : new int[] {2, 3, 4, 6, 8, 11, 16, 17, 24, 31, 32}) {
            for (Mapping mapping : Mapping.values()) {
                rows.add(new Object[] {new AffineQuantizer(bits, mapping)});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "quantizers")
    void codesLieInTheRangeAndComeBackAsTheFakeQuantizedValues(AffineQuantizer quantizer) {
        for (int seed = 0; seed < 10; ++seed) {
            NDArray values = manager.create(normals(new Shape(5, 40), seed), new Shape(5, 40));
            for (float share : new float[] {1, 0.5f}) { // nothing is clipped, and much is
                checkCodes(quantizer, values, share);
            }
        }
    }

    private static void checkCodes(AffineQuantizer quantizer, NDArray values, float share) {
        NDArray low = values.min(new int[] {1}, true);
        NDArray high = values.max(new int[] {1}, true);
        QuantizationParameters parameters = quantizer.parameters(low.mul(share), high.mul(share));
        NDArray codes = quantizer.quantize(values, parameters);
        assertTrue(
                codes.min().toType(DataType.FLOAT64, true).getDouble() >= quantizer.lowestCode());
        assertTrue(
                codes.max().toType(DataType.FLOAT64, true).getDouble() <= quantizer.highestCode());
        assertTrue(codes.eq(codes.floor()).all().getBoolean());
        assertEquals(
                quantizer.dequantize(codes, parameters).toFloatArray(),
                quantizer.fakeQuantize(values, parameters).toFloatArray(),
                0f); // the same product
    }

    @Test(dataProvider = "quantizers")
    void zeroIsExactWhateverTheRange(AffineQuantizer quantizer) {
        float[][] ranges = {{-1, 2}, {1, 2}, {-3, -1}, {0, 0}, {-1e-42f, 0}, {-0.3f, 1e30f}};
        for (float[] range : ranges) {
            QuantizationParameters parameters =
                    quantizer.parameters(
                            manager.create(new float[] {range[0]}, new Shape(1, 1)),
                            manager.create(new float[] {range[1]}, new Shape(1, 1)));
            NDArray zeros = manager.create(new float[] {0f, -0f}, new Shape(1, 2));
            for (float value : quantizer.fakeQuantize(zeros, parameters).toFloatArray()) {
                assertEquals(value, 0f);
            }
            NDArray codes = quantizer.quantize(zeros, parameters);
            assertTrue(codes.eq(parameters.zeroPoint()).all().getBoolean());
        }
    }

    @Test
    void anAffineRangeIsSpannedFromEndToEnd() {
        AffineQuantizer quantizer = new AffineQuantizer(3, Mapping.AFFINE);
        QuantizationParameters parameters =
                quantizer.parameters(
                        manager.create(new float[] {2}, new Shape(1, 1)),
                        manager.create(new float[] {7}, new Shape(1, 1)));
        assertEquals(parameters.scale().getFloat(), 1f, 0x1p-21f); // narrowed by 2^-22
        assertEquals(parameters.zeroPoint().getFloat(), -4f); // zero is the lowest of the codes
    }

    @Test
    void aWrongWidthIsNamedWithARemedy() {
        for (int bits : new int[] {1, 33}) {
            String message =
                    expectThrows(
                                    IllegalArgumentException.class,
                                    () -> new AffineQuantizer(bits, Mapping.AFFINE))
                            .getMessage();
            assertTrue(message.contains("but got " + bits + ": use"), message);
        }
    }
}
