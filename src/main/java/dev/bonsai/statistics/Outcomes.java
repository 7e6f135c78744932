package dev.bonsai.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a metric is the mean of: one value per sample, or one per batch of samples, in the order in
 * which the data was read.
 *
 * @param values the values, not to be changed
 * @param sizes how many samples each value stands for; empty if it is one each
 * @param fingerprint a checksum of the samples' labels in their order: outcomes of two states are
 *     compared in pairs only where it is the same
 */
public record Outcomes(float[] values, int[] sizes, long fingerprint) {

    /**
     * Validates the sizes.
     *
     * @throws IllegalArgumentException if there are neither none nor one per value, or one is below
     *     1
     */
    public Outcomes {
        boolean sized = sizes.length == 0 || sizes.length == values.length;
        if (!sized || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Each of %d values stands for 1 or more samples, but got the sizes %s",
                            values.length,
                            Arrays.toString(sizes)));
        }
    }

    /**
     * Returns the number of values.
     *
     * @return the number
     */
    public int count() {
        return values.length;
    }

    /**
     * Returns the number of samples.
     *
     * @return the sum of the sizes
     */
    public long samples() {
        return sizes.length == 0 ? values.length : Arrays.stream(sizes).asLongStream().sum();
    }

    /**
     * Tells whether each sample is right or wrong, and nothing between.
     *
     * @return whether there is one value per sample, and each is 0 or 1
     */
    public boolean isBinary() {
        for (float value : values) {
            if (value != 0 && value != 1) {
                return false;
            }
        }
        return sizes.length == 0 && values.length > 0;
    }

    /**
     * Returns the mean over the samples.
     *
     * @return the mean, NaN if there is none
     */
    public double mean() {
        double sum = 0;
        for (int i = 0; i < values.length; ++i) {
            sum += (double) size(i) * values[i];
        }
        return sum / samples();
    }

    /**
     * Returns outcomes of several data sets as if they were one.
     *
     * @param parts the outcomes, at least one
     * @return the outcomes one behind the other
     */
    public static Outcomes join(List<Outcomes> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        int count = parts.stream().mapToInt(Outcomes::count).sum();
        boolean single = parts.stream().allMatch(part -> part.sizes.length == 0);
        float[] values = new float[count];
        int[] sizes = new int[single ? 0 : count];
        long fingerprint = 0;
        int at = 0;
        for (Outcomes part : parts) {
            System.arraycopy(part.values, 0, values, at, part.count());
            for (int i = 0; !single && i < part.count(); ++i) {
                sizes[at + i] = part.size(i);
            }
            at += part.count();
            fingerprint = 31 * fingerprint + part.fingerprint;
        }
        return new Outcomes(values, sizes, fingerprint);
    }

    int size(int i) {
        return sizes.length == 0 ? 1 : sizes[i];
    }

    /**
     * Tells whether the outcomes of another state are of the same samples in the same order.
     *
     * @param other the outcomes of another state
     * @return whether they can be compared in pairs
     */
    public boolean isPairedWith(Outcomes other) {
        return values.length == other.values.length
                && Arrays.equals(sizes, other.sizes)
                && fingerprint == other.fingerprint;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Outcomes that
                && isPairedWith(that)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(values) + Long.hashCode(fingerprint);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "%d values of %d samples, mean %s", count(), samples(), mean());
    }
}
