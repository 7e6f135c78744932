package dev.bonsai.examples.data;

import java.util.Random;

/** Random choices that depend on nothing but seeds. */
public final class Seeds {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /**
     * Mixes numbers to 64 bits without a visible pattern, one round of Vigna's SplitMix64 each.
     *
     * @param parts the numbers, whose order counts
     * @return the bits
     */
    public static long mix(long... parts) {
        long state = 0;
        for (long part : parts) {
            state = (state ^ part) + GOLDEN;
            state = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
            state = (state ^ (state >>> 27)) * 0x94D049BB133111EBL;
            state ^= state >>> 31;
        }
        return state;
    }

    /**
     * Returns the numbers from 0 on in a random order.
     *
     * @param size how many numbers
     * @param seed same seed, same order
     * @return a permutation, all of which are equally likely
     */
    static int[] permutation(int size, long seed) {
        Random random = new Random(seed);
        int[] order = new int[size];
        for (int i = 0; i < size; ++i) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
