package dev.bonsai.statistics;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Times something by running it again and again: the median counts, as what else the machine does
 * makes single runs long.
 *
 * @param runs how many runs are timed, at least 1, after some more that are not
 */
public record MedianTime(int runs) {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final int WARM_UP = 3;

    /** Checks the number. */
    public MedianTime {
        if (runs < 1) {
            throw new IllegalArgumentException(
                    "A time is the median of 1 or more runs, but got " + runs + ": use 21");
        }
    }

    /**
     * What is timed.
     *
     * @param <E> what it throws
     */
    @FunctionalInterface
    public interface Timed<E extends Exception> {

        /**
         * Does it once.
         *
         * @throws E if it fails
         */
        void run() throws E;
    }

    /**
     * Runs something and times it.
     *
     * @param <E> what it throws
     * @param timed what is timed
     * @return the seconds that a run takes
     * @throws E if a run fails
     */
    public <E extends Exception> double seconds(Timed<E> timed) throws E {
        return seconds(timed, System::nanoTime);
    }

    <E extends Exception> double seconds(Timed<E> timed, LongSupplier nanoTime) throws E {
        long[] times = new long[runs];
        for (int run = -WARM_UP; run < runs; ++run) {
            long start = nanoTime.getAsLong();
            timed.run();
            times[Math.max(0, run)] = nanoTime.getAsLong() - start;
        }
        Arrays.sort(times);
        return times[runs / 2] / NANOS_PER_SECOND;
    }
}
