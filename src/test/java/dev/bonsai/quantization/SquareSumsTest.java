package dev.bonsai.quantization;

import static org.testng.Assert.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The root mean square of a row has the same bits in whatever pieces it is read. */
public class SquareSumsTest {

    @DataProvider
    Object[][] matrices() {
        return new Object[][] {{1, 1}, {4, 7}, {300, 41}, {2, 4096}, {3, 10_001}, {0, 5}};
    }

    @Test(dataProvider = "matrices")
    public void theBitsDontDependOnThePieces(int rows, int rowLength) {
        Random random = new Random(rowLength);
        float[] values = new float[rows * rowLength];
        for (int i = 0; i < values.length; ++i) {
            values[i] = random.nextInt(4) == 0 ? 0 : (float) random.nextGaussian();
        }
        SquareSums whole = new SquareSums(rows, rowLength);
        whole.add(0, values, values.length);
        SquareSums pieces = new SquareSums(rows, rowLength);
        for (int from = 0; from < values.length; ) {
            int length = Math.min(values.length - from, 1 + random.nextInt(6_000));
            pieces.add(from, Arrays.copyOfRange(values, from, from + length + 3), length);
            from += length;
        }
        assertEquals(pieces.roots(), whole.roots(), 0f);
        for (int row = 0; row < rows; ++row) {
            double sum = 0;
            int count = 0;
            for (int i = row * rowLength; i < (row + 1) * rowLength; ++i) {
                sum += (double) values[i] * values[i];
                count += values[i] == 0 ? 0 : 1;
            }
            float expected = (float) Math.sqrt(sum / Math.max(1, count));
            assertEquals(whole.roots()[row], expected, Math.ulp(expected)); // another order
        }
    }
}
