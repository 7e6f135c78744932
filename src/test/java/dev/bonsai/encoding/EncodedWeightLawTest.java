package dev.bonsai.encoding;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.testng.Assert;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What holds for every weight, whatever its encoding. */
public class EncodedWeightLawTest {

    @DataProvider
    public static Object[][] weights() {
        return new Object[][] {{WeightSamples.all(1)}, {WeightSamples.all(2)}};
    }

    @Test(dataProvider = "weights")
    public void anElementIsZeroExactlyWhenItDecodesToPositiveZero(List<EncodedWeight> weights) {
        for (EncodedWeight weight : weights) {
            float[] values = weight.decode();
            Assert.assertEquals(values.length, weight.size());
            int zeros = 0;
            for (int i = 0; i < values.length; ++i) {
                boolean zero = Float.floatToRawIntBits(values[i]) == 0;
                Assert.assertEquals(weight.isZero(i), zero, values[i] + " in " + weight);
                Assert.assertTrue(zero || values[i] != 0f, "a negative zero");
                zeros += zero ? 1 : 0;
            }
            Assert.assertEquals(weight.zeros(), zeros);
        }
    }

    @Test(dataProvider = "weights")
    public void maskingZeroesTheRestAndKeepsTheKeptBitForBit(List<EncodedWeight> weights) {
        Random random = new Random(3);
        for (EncodedWeight weight : weights) {
            BitSet keep = WeightSamples.subset(random, weight.size());
            float[] before = weight.decode();
            EncodedWeight masked = weight.masked(keep);
            float[] expected = before.clone();
            for (int i = 0; i < expected.length; ++i) {
                expected[i] = keep.get(i) ? expected[i] : 0f;
            }
            Assert.assertEquals(masked.getClass(), weight.getClass());
            Assert.assertEquals(masked.shape(), weight.shape());
            assertSameBits(masked.decode(), expected);
            assertSameBits(weight.decode(), before);
        }
    }

    @Test(dataProvider = "weights")
    public void maskingTwiceIsMaskingOnce(List<EncodedWeight> weights) {
        Random random = new Random(4);
        for (EncodedWeight weight : weights) {
            BitSet keep = WeightSamples.subset(random, weight.size());
            EncodedWeight once = weight.masked(keep);
            assertSameBits(once.masked(keep).decode(), once.decode());
        }
    }

    @Test(dataProvider = "weights")
    public void keepingNothingLeavesOnlyZerosAndKeepingAllChangesNothing(
            List<EncodedWeight> weights) {
        for (EncodedWeight weight : weights) {
            BitSet all = new BitSet();
            all.set(0, weight.size());
            assertSameBits(weight.masked(all).decode(), weight.decode());
            Assert.assertEquals(weight.masked(new BitSet()).zeros(), weight.size());
        }
    }

    @Test
    public void shapesWithNegativeDimensionsOrTooManyElementsAreRefused() {
        for (int[] shape :
                new int[][] {{-1}, {-1, -1}, {1 << 16, 1 << 15}, {1 << 30, 1 << 30, 4}}) {
            Assert.assertThrows(
                    IllegalArgumentException.class, () -> new DenseWeight(shape, new float[1]));
        }
    }

    static void assertSameBits(float[] actual, float[] expected) {
        Assert.assertEquals(actual.length, expected.length);
        for (int i = 0; i < actual.length; ++i) {
            Assert.assertEquals(
                    Float.floatToRawIntBits(actual[i]), Float.floatToRawIntBits(expected[i]));
        }
    }

    /** Weights that are drawn twice from one seed are equal, and unlike a masked one. */
    @Test
    public void equalValuesMakeEqualWeights() {
        List<EncodedWeight> first = WeightSamples.all(3);
        List<EncodedWeight> second = WeightSamples.all(3);
        for (int i = 0; i < first.size(); ++i) {
            EncodedWeight weight = first.get(i);
            Assert.assertEquals(weight, second.get(i));
            Assert.assertEquals(weight.hashCode(), second.get(i).hashCode());
            Assert.assertNotEquals(weight, null);
            if (weight.size() - weight.zeros() > 0) {
                Assert.assertNotEquals(weight.masked(new BitSet()), weight);
            }
        }
    }
}
