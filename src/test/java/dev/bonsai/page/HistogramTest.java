package dev.bonsai.page;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class HistogramTest {

    @DataProvider
    Object[][] values() {
        Random random = new Random(3);
        float[] normal = new float[1_000];
        for (int i = 0; i < normal.length; ++i) {
            normal[i] = i % 4 == 0 ? 0 : (float) random.nextGaussian();
        }
        return new Object[][] {
            {normal},
            {new float[0]},
            {new float[] {0}},
            {new float[] {0, 0, 1e-30f}},
            {new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1, -1}},
            {new float[] {Float.MAX_VALUE, -Float.MAX_VALUE}},
            {new float[] {Float.MIN_VALUE}},
        };
    }

    @Test(dataProvider = "values")
    public void everyNumberIsCountedOnce(float... values) {
        Histogram histogram = Histogram.of(values, values);
        int finite = 0;
        int zeros = 0;
        for (float value : values) {
            finite += Float.isFinite(value) ? 1 : 0;
            zeros += value == 0 ? 1 : 0;
        }
        assertEquals(Arrays.stream(histogram.before()).sum(), finite);
        assertEquals(Arrays.stream(histogram.after()).sum(), finite - zeros);
        assertTrue(histogram.width() > 0, "bins have a width");
    }

    @Test
    public void aValueLiesInItsBin() {
        Histogram histogram = Histogram.of(new float[0], new float[] {-1, 0.3f, 1});
        assertEquals(histogram.before().length, 0);
        int bins = histogram.after().length;
        assertEquals(histogram.after()[0], 1);
        assertEquals(histogram.after()[bins - 1], 1);
        int third = (int) ((0.3f - histogram.from()) / histogram.width());
        assertEquals(histogram.after()[third], 1);
    }
}
