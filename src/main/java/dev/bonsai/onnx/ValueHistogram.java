package dev.bonsai.onnx;

import java.util.Arrays;

/**
 * How often a value lies where, over all batches: equal bins up to a power of two that grows with
 * the values, so that their order makes no difference. Zeros are not counted: every grid has them.
 */
final class ValueHistogram {

    static final int BINS = 2048;

    private final long[] bins = new long[BINS];
    private double reach = Float.MIN_NORMAL;
    private float least;
    private float greatest;

    /**
     * Counts values.
     *
     * @throws ArithmeticException if one is not finite
     */
    void add(float[] values) {
        float low = least;
        float high = greatest;
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new ArithmeticException("the value " + value);
            }
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        least = low;
        greatest = high;
        while (reach <= Math.max(-low, high)) {
            widen();
        }
        double perUnit = BINS / (2 * reach);
        for (float value : values) {
            if (value != 0) {
                ++bins[(int) ((value + reach) * perUnit)];
            }
        }
    }

    /** Each two neighbours become one. */
    private void widen() {
        long[] old = bins.clone();
        Arrays.fill(bins, 0);
        for (int i = 0; i < BINS; ++i) {
            bins[BINS / 4 + i / 2] += old[i];
        }
        reach *= 2;
    }

    /** The least value, at most 0. */
    double least() {
        return least;
    }

    /** The greatest value, at least 0. */
    double greatest() {
        return greatest;
    }

    long count(int bin) {
        return bins[bin];
    }

    long total() {
        return Arrays.stream(bins).sum();
    }

    /** Where a bin begins; the one of {@link #BINS} is the end of the last. */
    double edge(int bin) {
        return (2.0 * bin / BINS - 1) * reach;
    }
}
