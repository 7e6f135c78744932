package dev.bonsai.statistics;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertSame;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.expectThrows;

import java.io.IOException;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Something is timed by the median of several runs. */
public class MedianTimeTest {

    private long now;
    private int done;

    @DataProvider
    Object[][] times() {
        return new Object[][] {
            {new int[] {5}, 5},
            {new int[] {5, 1, 900, 2, 3}, 3},
            {new int[] {900, 900, 1}, 900},
            {new int[] {1, 1, 900}, 1},
            {new int[] {1, 2, 3, 4}, 3},
        };
    }

    @Test(dataProvider = "times")
    void theMedianCountsOnceTheRunsHaveWarmedUp(int[] seconds, double median) {
        int warmUp = 3;
        done = 0;
        double time =
                new MedianTime(seconds.length)
                        .seconds(
                                () -> {
                                    int run = done++ - warmUp;
                                    now += (run < 0 ? 5000 : seconds[run]) * 1_000_000_000L;
                                },
                                () -> now);
        assertEquals(time, median, 0);
        assertEquals(done, seconds.length + warmUp);
    }

    @Test
    void whatFailsIsThrownAsItIs() {
        IOException failure = new IOException("no");
        assertSame(
                expectThrows(
                        IOException.class,
                        () ->
                                new MedianTime(1)
                                        .seconds(
                                                () -> {
                                                    throw failure;
                                                })),
                failure);
    }

    @Test
    void noRunsAreNoTime() {
        assertThrows(IllegalArgumentException.class, () -> new MedianTime(0));
    }
}
