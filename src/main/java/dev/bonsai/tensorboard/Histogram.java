package dev.bonsai.tensorboard;

import java.util.ArrayList;
import java.util.List;

/**
 * Counts values in buckets that grow with them: eight to each power of two, and one of its own for
 * what is next to zero. It takes the same memory however many values there are.
 *
 * <p>The limits of the buckets are the doubles that have only three bits behind the leading one, so
 * that the upper bits of a value are the number of its bucket.
 */
final class Histogram {

    private static final int UNUSED_BITS = 52 - 3;
    private static final int BUCKETS = (int) (Double.doubleToRawLongBits(1 / 0.0) >>> UNUSED_BITS);

    private final long[] negative = new long[BUCKETS];
    private final long[] positive = new long[BUCKETS];
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;
    private double sumOfSquares;
    private long count;
    private long notFinite;

    /**
     * A bucket: what lies between the limit of the one before it and its own.
     *
     * @param limit the upper limit
     * @param count the number of values
     */
    record Bucket(double limit, long count) {}

    /** Counts a value; one that is not finite is counted apart. */
    void add(double value) {
        if (!Double.isFinite(value)) {
            ++notFinite;
            return;
        }
        ++(value < 0 ? negative : positive)[bucket(Math.abs(value))];
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += value;
        sumOfSquares += value * value;
        ++count;
    }

    private static int bucket(double magnitude) {
        return (int) (Double.doubleToRawLongBits(magnitude) >>> UNUSED_BITS);
    }

    private static double lowerLimit(int bucket) {
        return Double.longBitsToDouble((long) bucket << UNUSED_BITS);
    }

    /** Returns the least finite value; 0 if there is none. */
    double min() {
        return count == 0 ? 0 : min;
    }

    /** Returns the greatest finite value; 0 if there is none. */
    double max() {
        return count == 0 ? 0 : max;
    }

    /** Returns the sum of the finite values. */
    double sum() {
        return sum;
    }

    /** Returns the sum of the squares of the finite values. */
    double sumOfSquares() {
        return sumOfSquares;
    }

    /** Returns the number of finite values. */
    long count() {
        return count;
    }

    /** Returns the number of values that are NaN or infinite. */
    long notFinite() {
        return notFinite;
    }

    /** Returns the buckets from the least value to the greatest; empty ones in a row are one. */
    List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>();
        for (int i = BUCKETS - 1; i >= 0; --i) {
            add(buckets, -lowerLimit(i + 1), 0 - lowerLimit(i), negative[i]);
        }
        for (int i = 0; i < BUCKETS; ++i) {
            add(buckets, lowerLimit(i), lowerLimit(i + 1), positive[i]);
        }
        return buckets;
    }

    private static void add(List<Bucket> buckets, double lower, double upper, long count) {
        if (count == 0) {
            return;
        }
        if (!buckets.isEmpty() && buckets.get(buckets.size() - 1).limit() < lower) {
            buckets.add(new Bucket(lower, 0));
        }
        buckets.add(new Bucket(Math.min(upper, Double.MAX_VALUE), count));
    }
}
