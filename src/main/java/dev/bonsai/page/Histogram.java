package dev.bonsai.page;

/**
 * How the values of a weight were and are distributed, over the same bins.
 *
 * @param from the lower edge of the first bin
 * @param width the width of a bin
 * @param before the elements in each bin before the compression; empty if that is not known
 * @param after the elements in each bin now, those that are exactly zero left out
 */
record Histogram(double from, double width, int[] before, int[] after) {

    private static final int BINS = 41; // an odd number, so that zero is the middle of a bin

    /**
     * Counts values; what is not a number is left out.
     *
     * @param before the values before; empty if they are not known
     * @param after the values now
     */
    static Histogram of(float[] before, float[] after) {
        double most = Math.max(largest(before), largest(after));
        double width = most == 0 ? 1.0 / BINS : 2 * most / BINS;
        double from = -width * BINS / 2;
        int[] now = count(after, from, width, false);
        return new Histogram(
                from,
                width,
                before.length == 0 ? new int[0] : count(before, from, width, true),
                now);
    }

    /** Returns the largest magnitude of the finite values. */
    static double largest(float... values) {
        double most = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                most = Math.max(most, Math.abs(value));
            }
        }
        return most;
    }

    private static int[] count(float[] values, double from, double width, boolean zeros) {
        int[] counts = new int[BINS];
        for (float value : values) {
            if (Float.isFinite(value) && (zeros || value != 0)) {
                int bin = (int) Math.floor((value - from) / width);
                ++counts[Math.max(0, Math.min(BINS - 1, bin))];
            }
        }
        return counts;
    }
}
