package dev.bonsai.examples.data;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.testng.annotations.Test;

public class SeedsTest {

    @Test
    public void aPermutationHasEachNumberOnce() {
        for (int size = 0; size < 50; ++size) {
            int[] sorted = Seeds.permutation(size, size);
            Arrays.sort(sorted);
            assertEquals(sorted, IntStream.range(0, size).toArray());
        }
    }

    @Test
    public void everyOrderOccurs() {
        Set<String> orders = new HashSet<>();
        for (int seed = 0; seed < 300; ++seed) {
            orders.add(Arrays.toString(Seeds.permutation(4, Seeds.mix(seed))));
        }
        // Each of the 24 orders is missing with a probability of (23/24)^300, 3e-6.
        assertEquals(orders.size(), 24);
    }

    @Test
    public void theOrderOfThePartsCounts() {
        assertNotEquals(Seeds.mix(1, 2), Seeds.mix(2, 1));
        assertEquals(Seeds.mix(1, 2), Seeds.mix(1, 2));
    }

    @Test
    public void neighbouringPartsGiveUnrelatedBits() {
        long differing = 0;
        for (int i = 0; i < 1_000; ++i) {
            differing += Long.bitCount(Seeds.mix(7, i) ^ Seeds.mix(7, i + 1));
        }
        // 32 of 64 bits differ on average; the mean of 1,000 has a standard deviation of 0.13.
        assertTrue(Math.abs(differing / 1_000.0 - 32) < 0.7, "mean " + differing / 1_000.0);
    }
}
