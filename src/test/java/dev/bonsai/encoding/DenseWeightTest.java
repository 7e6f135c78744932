package dev.bonsai.encoding;

import java.util.BitSet;
import org.testng.Assert;
import org.testng.annotations.Test;

public class DenseWeightTest {

    @Test
    public void aNegativeZeroBecomesPositiveAndOtherValuesKeepTheirBits() {
        float nan = Float.intBitsToFloat(0x7fc12345);
        float[] values = {-0f, nan, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE};
        float[] expected = values.clone();
        expected[0] = 0f;
        EncodedWeightLawTest.assertSameBits(
                new DenseWeight(new int[] {5}, values).decode(), expected);
    }

    @Test
    public void aScalarHasOneElementAndAZeroDimensionNone() {
        Assert.assertEquals(new DenseWeight(new int[0], new float[1]).size(), 1);
        Assert.assertEquals(new DenseWeight(new int[] {3, 0}, new float[0]).size(), 0);
    }

    @Test
    public void anElementHas32Bits() {
        Assert.assertEquals(new DenseWeight(new int[] {1}, new float[1]).bits(), 32);
    }

    @Test
    public void shortFloatsHave16BitsAndStayShortWhenMasked() {
        float[] values = {1.5f, -0f};
        DenseWeight weight = new DenseWeight(new int[] {2}, values, FloatFormat.BFLOAT16);
        Assert.assertEquals(weight.bits(), 16);
        EncodedWeight masked = weight.masked(new BitSet());
        Assert.assertEquals(((DenseWeight) masked).format(), FloatFormat.BFLOAT16);
        Assert.assertEquals(masked.decode(), new float[2]);
    }

    @Test
    public void aValueThatTheFormatDoesNotHoldIsRefused() {
        for (float wrong : new float[] {1.001f, 1e-9f, 1e6f, Float.POSITIVE_INFINITY}) {
            GridWeightTest.assertMessage(
                    "format FLOAT16 has values of that format, but got " + wrong,
                    () -> new DenseWeight(new int[] {1}, new float[] {wrong}, FloatFormat.FLOAT16));
        }
    }

    @Test
    public void decodedValuesAreACopy() {
        DenseWeight weight = new DenseWeight(new int[] {1}, new float[] {1});
        weight.decode()[0] = 2;
        Assert.assertEquals(weight.decode()[0], 1f);
    }

    @Test(
            expectedExceptions = IllegalArgumentException.class,
            expectedExceptionsMessageRegExp = ".*\\[2, 3\\] needs 6 values, but got 5")
    public void theNumberOfValuesFollowsFromTheShape() {
        new DenseWeight(new int[] {2, 3}, new float[5]);
    }
}
