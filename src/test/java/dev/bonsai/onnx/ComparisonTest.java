package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.type.Constants;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class ComparisonTest {

    private static final EncodedWeight MODEL = Constants.floats(1, -2, 0.5f);

    private static Comparison compared(List<EncodedWeight> file, List<EncodedWeight> model)
            throws OnnxExportException {
        Comparison comparison = new Comparison(1e-4);
        comparison.add(List.of("y"), file, model);
        return comparison;
    }

    @DataProvider
    Object[][] wrong() {
        EncodedWeight column = new DenseWeight(new int[] {3, 1}, new float[] {1, -2, 0.5f});
        return new Object[][] {
            {List.of(Constants.floats(1, -2, 0.501f)), "differs by"},
            {List.of(Constants.floats(1, Float.NaN, 0.5f)), "differs by Infinity"},
            {List.of(Constants.floats(1, -2, Float.NEGATIVE_INFINITY)), "differs by Infinity"},
            {List.of(column), "[3, 1]"},
            {List.of(Constants.integers(1, -2, 0)), "INT64"},
            {List.of(MODEL, MODEL), "2 outputs instead of 1"},
        };
    }

    @Test(dataProvider = "wrong")
    void whatIsNotTheSameIsRefused(List<EncodedWeight> file, String message) {
        OnnxExportException e =
                expectThrows(OnnxExportException.class, () -> compared(file, List.of(MODEL)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void roundingIsAllowedAndNotANumberMayStandInTheSamePlace() throws Exception {
        EncodedWeight model = Constants.floats(1, Float.NaN, Float.POSITIVE_INFINITY);
        EncodedWeight file = Constants.floats(1.00005f, Float.NaN, Float.POSITIVE_INFINITY);
        Comparison comparison = compared(List.of(file), List.of(model));
        assertEquals(comparison.difference(), 5e-5, 1e-6);
        assertEquals(comparison.largest(), 1.0);
    }
}
