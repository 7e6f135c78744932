package dev.bonsai.page;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.util.OptionalDouble;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class MeasuredTest {

    private static final double Z = 1.959964;

    @DataProvider
    Object[][] shares() {
        Object[][] shares = new Object[20][];
        int row = 0;
        for (double share : new double[] {0, 0.01, 0.5, 0.99, 1}) {
            for (long samples : new long[] {1, 10, 500, 10_000}) {
                shares[row++] = new Object[] {share, samples};
            }
        }
        return shares;
    }

    /**
     * What Wilson's interval is made for: its ends are as far from the share as their own spread.
     */
    @Test(dataProvider = "shares")
    public void theEndsAreAsFarAsTheirOwnSpread(double share, long samples) {
        Measured measured = Measured.ofShare(share, samples, 1);
        for (OptionalDouble end : new OptionalDouble[] {measured.low(), measured.high()}) {
            double p = end.getAsDouble();
            assertTrue(p >= 0 && p <= 1, "a share: " + p);
            if (p > 0 && p < 1) { // an end at 0 or 1 is where the share is
                double spread = Z * Math.sqrt(p * (1 - p) / samples);
                assertEquals(Math.abs(p - share), spread, 1e-9); // the equation's own precision
            }
        }
        assertTrue(measured.low().getAsDouble() <= share + 1e-12);
        assertTrue(measured.high().getAsDouble() >= share - 1e-12);
    }

    @Test
    public void whatIsNoShareIsRefused() {
        for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
            expectThrows(IllegalArgumentException.class, () -> Measured.ofShare(share, 10, 1));
        }
        expectThrows(IllegalArgumentException.class, () -> Measured.ofShare(0.5, 0, 1));
        expectThrows(IllegalArgumentException.class, () -> Measured.of(0.5, -1));
    }
}
