package dev.bonsai.core;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Random numbers that can be gone on with: where a generator stands can't be read, but how many
 * numbers were drawn can be counted, and as many be drawn again.
 */
public final class CountedRandom {

    /** More draws than this would take minutes to repeat, and no training makes as many passes. */
    private static final long MOST = 1L << 36;

    private final SplittableRandom random;
    private final int bound;
    private long draws;

    /**
     * Begins to count.
     *
     * @param random the generator, which nobody else draws from
     * @param bound what all numbers are below, at least 1
     */
    public CountedRandom(SplittableRandom random, int bound) {
        this.random = random;
        this.bound = bound;
    }

    /**
     * Draws a number.
     *
     * @return a number in [0, bound)
     */
    public int next() {
        ++draws;
        return random.nextInt(bound);
    }

    /**
     * Tells how many numbers were drawn.
     *
     * @return the count
     */
    public long draws() {
        return draws;
    }

    /**
     * Draws numbers that are not looked at, but for the last.
     *
     * @param count how many, as {@link #checkDraws} allows
     * @return the last of them, 0 if there is none
     */
    public int skip(long count) {
        checkDraws(count);
        int last = 0;
        for (long i = 0; i < count; ++i) {
            last = next();
        }
        return last;
    }

    /**
     * Checks a count that may come from a file.
     *
     * @param draws the count
     * @return the same
     * @throws IllegalArgumentException if no training has drawn as many
     */
    public static long checkDraws(long draws) {
        if (draws < 0 || draws > MOST) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A training draws from 0 to %d random numbers for a weight, but got %d:"
                                    + " use a state that was not changed",
                            MOST,
                            draws));
        }
        return draws;
    }
}
