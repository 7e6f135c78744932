package dev.bonsai.encoding;

import org.testng.Assert;
import org.testng.annotations.Test;

public class ScaleLayoutTest {

    @Test
    public void groupsAreNumberedInOrderWithoutGapsAndNeverSpanTwoRows() {
        for (int rows = 1; rows <= 4; ++rows) {
            for (int rowLength = 1; rowLength <= 7; ++rowLength) {
                for (int groupLength = 1; groupLength <= rowLength; ++groupLength) {
                    ScaleLayout layout = new ScaleLayout(rows, rowLength, groupLength);
                    int group = -1;
                    for (int i = 0; i < rows * rowLength; ++i) {
                        group += i % rowLength % groupLength == 0 ? 1 : 0;
                        Assert.assertEquals(layout.groupOf(i), group, layout + " at " + i);
                    }
                    Assert.assertEquals(layout.groups(), group + 1);
                    Assert.assertEquals(layout.groups(), rows * layout.groupsPerRow());
                }
            }
        }
    }

    @Test
    public void perTensorIsOneGroup() {
        ScaleLayout layout = ScaleLayout.perTensor(12);
        Assert.assertEquals(layout.groups(), 1);
        Assert.assertEquals(layout.groupOf(11), 0);
    }

    @Test
    public void lengthsBelowOneAndGroupsBeyondTheRowAreRefused() {
        int[][] wrong = {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}, {1, 3, 4}, {-1, 2, 2}};
        for (int[] w : wrong) {
            GridWeightTest.assertMessage("rows=" + w[0], () -> new ScaleLayout(w[0], w[1], w[2]));
        }
    }

    /** The sum of two lengths below 2^31 may be above. */
    @Test
    public void longRowsHaveAsManyGroupsAsTheyNeed() {
        int length = (1 << 30) + 1;
        for (int group : new int[] {1, 2, 1 << 29, 1 << 30, length - 1, length}) {
            ScaleLayout layout = new ScaleLayout(1, length, group);
            long expected = ((long) length + group - 1) / group;
            Assert.assertEquals(layout.groupsPerRow(), expected);
            Assert.assertEquals(layout.groups(), expected);
            Assert.assertEquals(layout.groupOf(length - 1), expected - 1);
        }
        Assert.assertThrows(
                IllegalArgumentException.class, () -> new ScaleLayout(1 << 16, 1 << 15, 1 << 15));
    }
}
