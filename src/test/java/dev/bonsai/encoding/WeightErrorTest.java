package dev.bonsai.encoding;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.util.Random;
import org.testng.annotations.Test;

public class WeightErrorTest {

    private static final float[] ORIGINAL = {3, 0, -4, 0};

    @Test
    void knownErrorsAreMeasured() {
        WeightError error = WeightError.of(ORIGINAL, new float[] {2.5f, 0, -4, 1});
        assertEquals(error.mse(), 1.25 / 4); // sums of powers of two are exact
        assertEquals(error.sqnrDb(), 10 * Math.log10(25 / 1.25));
        assertEquals(error.maxError(), 1.0);
        assertEquals(error.meanError(), 0.5 / 4);
    }

    @Test
    void noErrorIsAnInfiniteRatio() {
        WeightError none = new WeightError(0, Double.POSITIVE_INFINITY, 0, 0);
        assertEquals(WeightError.of(ORIGINAL, ORIGINAL), none);
        assertEquals(WeightError.of(new float[0], new float[0]), none);
        assertEquals(WeightError.of(new float[2], new float[2]), none);
    }

    @Test
    void noiseWithoutASignalIsANegativeInfiniteRatio() {
        double ratio = WeightError.of(new float[2], new float[] {0, 1}).sqnrDb();
        assertEquals(ratio, Double.NEGATIVE_INFINITY);
    }

    @Test
    void scalingBothKeepsTheRatioAndHalfTheErrorAddsSixDecibels() {
        Random random = new Random(1);
        float[] original = new float[100];
        float[] effective = new float[100];
        float[] half = new float[100];
        float[] doubledOriginal = new float[100];
        float[] doubledEffective = new float[100];
        for (int i = 0; i < 100; ++i) {
            original[i] = random.nextInt(1000);
            int error = 2 * random.nextInt(10);
            effective[i] = original[i] + error;
            half[i] = original[i] + error / 2f;
            doubledOriginal[i] = 2 * original[i];
            doubledEffective[i] = 2 * effective[i];
        }
        WeightError error = WeightError.of(original, effective);
        WeightError doubled = WeightError.of(doubledOriginal, doubledEffective);
        assertEquals(doubled.sqnrDb(), error.sqnrDb()); // products with 2 are exact
        assertEquals(doubled.mse(), 4 * error.mse());
        assertEquals(doubled.meanError(), 2 * error.meanError());
        double gain = WeightError.of(original, half).sqnrDb() - error.sqnrDb();
        assertEquals(gain, 20 * Math.log10(2), 1e-9); // the rounding of two logarithms
    }

    @Test
    void otherLengthsAreNamed() {
        String message =
                expectThrows(
                                IllegalArgumentException.class,
                                () -> WeightError.of(new float[2], new float[3]))
                        .getMessage();
        assertTrue(message.contains("2 and 3"), message);
    }
}
