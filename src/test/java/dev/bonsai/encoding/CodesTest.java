package dev.bonsai.encoding;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class CodesTest {

    @DataProvider
    Object[][] ranges() {
        return new Object[][] {
            {0, 0, 1},
            {-8, 7, 1},
            {0, 0xff, 1},
            {-128, 127, 1},
            {-1, 0xff, 2},
            {0, 0xffff, 2},
            {-32768, 32767, 2},
            {0, 0x10000, 4},
            {Integer.MIN_VALUE, Integer.MIN_VALUE + 3, 1},
            {Integer.MAX_VALUE - 3, Integer.MAX_VALUE, 1},
            {Integer.MIN_VALUE, Integer.MAX_VALUE, 4},
        };
    }

    private static int[] numbers(int low, int high) {
        Random random = new Random(1);
        int[] values = new int[1000];
        for (int i = 0; i < values.length; ++i) {
            values[i] = (int) (low + (long) (random.nextDouble() * ((long) high - low + 1)));
        }
        values[0] = low;
        values[1] = high;
        return values;
    }

    @Test(dataProvider = "ranges")
    public void numbersComeBackWhateverTheirRange(int low, int high, int bytes) {
        int[] values = numbers(low, high);
        Codes codes = Codes.of(values);
        assertEquals(codes.size(), values.length);
        assertEquals(codes.toArray(), values);
        for (int i = 0; i < values.length; ++i) {
            assertEquals(codes.get(i), values[i]);
        }
        Codes again = Codes.of(values.length, low, high, i -> values[i]);
        assertEquals(again, codes);
        assertEquals(again.hashCode(), codes.hashCode());
    }

    @Test(dataProvider = "ranges")
    public void theyTakeTheBytesThatTheirRangeNeeds(int low, int high, int bytes) {
        int size = 1 << 20;
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        Codes codes = Codes.of(size, low, high, i -> low);
        long taken = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertEquals(codes.size(), size);
        // what else is allocated is far below one byte an element
        assertEquals(Math.round(taken / (double) size), bytes, taken + " bytes");
    }

    @Test
    public void equalNumbersAreEqualWhateverRangeWasDeclared() {
        Codes narrow = Codes.of(1, 2, 3);
        Codes wide = Codes.of(3, Integer.MIN_VALUE, Integer.MAX_VALUE, i -> i + 1);
        assertEquals(wide, narrow);
        assertEquals(wide.hashCode(), narrow.hashCode());
        assertNotEquals(Codes.of(1, 2, 4), narrow);
        assertNotEquals(Codes.of(1, 2), narrow);
        assertEquals(Codes.of(), Codes.of(0, 3, 9, i -> i));
    }

    @DataProvider
    Object[][] wrong() {
        return new Object[][] {{-9}, {8}, {Integer.MIN_VALUE}, {Integer.MAX_VALUE}};
    }

    @Test(dataProvider = "wrong")
    public void aNumberOutsideTheRangeIsNamed(int number) {
        IllegalArgumentException e =
                expectThrows(
                        IllegalArgumentException.class,
                        () -> Codes.of(4, -8, 7, i -> i == 2 ? number : 0));
        assertTrue(e.getMessage().contains("[-8, 7], but got " + number + " at 2"), e.getMessage());
    }

    @Test
    public void whatIsNeverSetIsTheLowest() {
        assertEquals(
                Codes.builder(3, -2, 90_000).set(1, 5).build().toArray(), new int[] {-2, 5, -2});
        assertEquals(Codes.builder(3, -2, 9).set(1, 5).build().toArray(), new int[] {-2, 5, -2});
    }

    @Test
    public void aBuilderIsUsedOnce() {
        Codes.Builder builder = Codes.builder(1, 0, 1);
        builder.build();
        expectThrows(IllegalStateException.class, builder::build);
        expectThrows(IllegalStateException.class, () -> builder.set(0, 1));
        expectThrows(IllegalArgumentException.class, () -> Codes.builder(-1, 0, 1));
        expectThrows(IllegalArgumentException.class, () -> Codes.builder(1, 1, 0));
    }
}
