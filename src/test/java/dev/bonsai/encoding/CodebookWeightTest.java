package dev.bonsai.encoding;

import java.util.Arrays;
import java.util.BitSet;
import org.testng.Assert;
import org.testng.annotations.Test;

public class CodebookWeightTest {

    private static final int[] TWO = {2};

    @Test
    public void aValueIsTheAssignedOne() {
        CodebookWeight weight =
                new CodebookWeight(new int[] {3}, new float[] {5, -0f}, new int[] {1, 0, 1});
        EncodedWeightLawTest.assertSameBits(weight.decode(), new float[] {0, 5, 0});
    }

    @Test
    public void theBitsAreTheLogarithmOfTheSizeRoundedUp() {
        int[][] expected = {{1, 1}, {2, 1}, {3, 2}, {4, 2}, {5, 3}, {16, 4}, {17, 5}, {65536, 16}};
        for (int[] pair : expected) {
            float[] codebook = new float[pair[0]];
            Arrays.fill(codebook, 1);
            Assert.assertEquals(new CodebookWeight(TWO, codebook, new int[2]).bits(), pair[1]);
        }
    }

    @Test
    public void maskingUsesTheZeroThatIsThereAndAddsOneWhereThereIsNone() {
        BitSet first = new BitSet();
        first.set(0);
        CodebookWeight with = new CodebookWeight(TWO, new float[] {0, 1}, new int[] {1, 1});
        CodebookWeight without = new CodebookWeight(TWO, new float[] {2, 1}, new int[] {1, 1});
        Assert.assertEquals(((CodebookWeight) with.masked(first)).codebook(), new float[] {0, 1});
        Assert.assertEquals(
                ((CodebookWeight) without.masked(first)).codebook(), new float[] {2, 1, 0});
        Assert.assertEquals(without.masked(first).decode(), new float[] {1, 0});
    }

    @Test
    public void keepingAllDoesNotAddAZero() {
        BitSet all = new BitSet();
        all.set(0, 2);
        CodebookWeight weight = new CodebookWeight(TWO, new float[] {2}, new int[2]);
        Assert.assertSame(weight.masked(all), weight);
    }

    @Test
    public void zeroStandsInACodebookAtMostOnce() {
        GridWeightTest.assertMessage(
                "but got it 2 times",
                () -> new CodebookWeight(TWO, new float[] {0, 1, -0f}, new int[2]));
    }

    @Test
    public void maskingAddsAZeroToAFullCodebookToo() {
        float[] full = new float[CodebookWeight.MAX_SIZE];
        int[] all = new int[full.length];
        for (int i = 0; i < full.length; ++i) {
            full[i] = i + 1;
            all[i] = i;
        }
        BitSet keep = new BitSet();
        keep.set(1, full.length);
        EncodedWeight masked = new CodebookWeight(new int[] {full.length}, full, all).masked(keep);
        Assert.assertEquals(masked.zeros(), 1);
        Assert.assertEquals(masked.decode()[1], 2f);
        Assert.assertEquals(masked.bits(), 17);
    }

    @Test
    public void codebooksHaveFrom1To65536ValuesBesidesZero() {
        float[] tooMany = new float[CodebookWeight.MAX_SIZE + 2];
        Arrays.setAll(new double[tooMany.length], i -> tooMany[i] = i);
        GridWeightTest.assertMessage(
                "but got 0", () -> new CodebookWeight(TWO, new float[0], new int[2]));
        GridWeightTest.assertMessage(
                "besides zero, but got 65537", () -> new CodebookWeight(TWO, tooMany, new int[2]));
    }

    @Test
    public void assignmentsLieInTheCodebook() {
        for (int wrong : new int[] {-1, 2}) {
            GridWeightTest.assertMessage(
                    "lies in [0, 2), but got " + wrong,
                    () -> new CodebookWeight(TWO, new float[] {1, 2}, new int[] {0, wrong}));
        }
        GridWeightTest.assertMessage(
                "needs 2 assignments, but got 1",
                () -> new CodebookWeight(TWO, new float[] {1}, new int[1]));
    }
}
