package dev.bonsai.encoding;

import java.util.Random;
import org.testng.Assert;
import org.testng.annotations.Test;

public class GridWeightTest {

    private static final ScaleLayout TWO = ScaleLayout.perTensor(2);

    @Test
    public void aValueIsCodeMinusZeroPointTimesTheScaleOfItsGroup() {
        GridWeight weight =
                new GridWeight(
                        new int[] {2, 3},
                        4,
                        new ScaleLayout(2, 3, 2),
                        new int[] {1, -8, 7, 0, 2, 3},
                        new float[] {1, 10, 0.5f, 0.25f},
                        new int[] {0, 5, -1, 3});
        Assert.assertEquals(weight.decode(), new float[] {1, -8, 20, 0.5f, 1.5f, 0});
        Assert.assertTrue(weight.isZero(5));
        Assert.assertFalse(weight.isSymmetric());
    }

    @Test
    public void upTo16BitsTheValueIsThe32BitProduct() {
        Random random = new Random(1);
        for (int bits = 2; bits <= 16; ++bits) {
            GridWeight weight = WeightSamples.grid(random, new int[] {40}, bits, true, 1);
            float[] values = weight.decode();
            for (int i = 0; i < values.length; ++i) {
                float scale = weight.scales()[weight.layout().groupOf(i)];
                Assert.assertEquals(values[i], weight.codes().get(i) * scale);
            }
        }
    }

    @Test
    public void at32BitsADifferenceThatNoIntHoldsIsRight() {
        int[] codes = {Integer.MAX_VALUE, Integer.MIN_VALUE};
        GridWeight weight = grid(32, codes, Integer.MIN_VALUE);
        Assert.assertEquals(weight.decode(), new float[] {0x1p32f, 0});
    }

    @Test
    public void theWidthIsWhatTellsElementsApart() {
        Assert.assertEquals(grid(5, new int[2], 0).bits(), 5);
        Assert.assertTrue(grid(5, new int[2], 0).isSymmetric());
    }

    @Test
    public void widthsFrom2To32HoldTheirExtremesAndNoMore() {
        for (int bits = 2; bits < 32; ++bits) {
            int high = (1 << (bits - 1)) - 1;
            grid(bits, new int[] {high, -high - 1}, high);
            assertRefused(bits, new int[] {high + 1, 0}, 0, "A code of a " + bits + "-bit grid");
            assertRefused(bits, new int[] {0, -high - 2}, 0, "but got " + (-high - 2));
            assertRefused(bits, new int[2], high + 1, "A zero point of");
        }
        assertRefused(1, new int[2], 0, "from 2 to 32 bits an element, but got 1");
        assertRefused(33, new int[2], 0, "but got 33");
    }

    @Test
    public void countsThatDoNotFitAreRefused() {
        assertMessage("needs 2 codes", () -> new GridWeight(s(2), 4, TWO, new int[1], f(1), s(0)));
        assertMessage(
                "does not cover 3", () -> new GridWeight(s(3), 4, TWO, new int[3], f(1), s(0)));
        assertMessage("but got 2 and 1", () -> new GridWeight(s(2), 4, TWO, s(0, 0), f(2), s(0)));
        assertMessage("but got 1 and 0", () -> new GridWeight(s(2), 4, TWO, s(0, 0), f(1), s()));
    }

    @Test
    public void aScaleIsPositiveAndFinite() {
        for (float wrong : new float[] {0, -0f, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertMessage(
                    "positive and finite, but got " + wrong,
                    () -> new GridWeight(s(2), 4, TWO, s(0, 0), new float[] {wrong}, s(0)));
        }
        new GridWeight(s(2), 4, TWO, s(0, 0), new float[] {Float.MIN_VALUE}, s(0));
    }

    private static void assertRefused(int bits, int[] codes, int zeroPoint, String message) {
        assertMessage(message, () -> grid(bits, codes, zeroPoint));
    }

    static void assertMessage(String part, Assert.ThrowingRunnable code) {
        IllegalArgumentException e = Assert.expectThrows(IllegalArgumentException.class, code);
        Assert.assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    private static GridWeight grid(int bits, int[] codes, int zeroPoint) {
        return new GridWeight(s(2), bits, TWO, codes, new float[] {1}, s(zeroPoint));
    }

    private static int[] s(int... values) {
        return values;
    }

    private static float[] f(int length) {
        return new float[length];
    }
}
