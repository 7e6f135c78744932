package dev.bonsai.page;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What was measured of a model, once, on data that no choice was made on.
 *
 * @param metric the metric
 * @param low the lower end of the interval that the metric of all such data lies in, with a
 *     confidence of 95 %; empty if that is not known
 * @param high the upper end; empty if it is not known
 * @param bytes the length of the model's file
 * @param milliseconds how long one sample takes; empty if that was not measured
 */
public record Measured(
        double metric,
        OptionalDouble low,
        OptionalDouble high,
        long bytes,
        OptionalDouble milliseconds) {

    /** The normal quantile of a two-sided confidence of 95 %. */
    private static final double Z = 1.959964;

    /** Checks the numbers. */
    public Measured {
        if (bytes < 0 || low.isPresent() != high.isPresent()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A file has at least 0 bytes, and an interval two ends, but got %d"
                                    + " bytes and an interval from %s to %s",
                            bytes,
                            low,
                            high));
        }
    }

    /**
     * Returns what is known where a metric is not a share of samples.
     *
     * @param metric the metric
     * @param bytes the length of the model's file
     * @return without an interval and a time
     */
    public static Measured of(double metric, long bytes) {
        return new Measured(
                metric,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                bytes,
                OptionalDouble.empty());
    }

    /**
     * Returns what is known where the metric is the share of samples that were answered right, such
     * as an accuracy. The interval is Wilson's (E. B. Wilson, Probable inference, the law of
     * succession, and statistical inference, 1927).
     *
     * @param share the share, in [0, 1]
     * @param samples the number of samples, at least 1
     * @param bytes the length of the model's file
     * @return without a time
     */
    public static Measured ofShare(double share, long samples, long bytes) {
        if (!(share >= 0 && share <= 1) || samples < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A share lies in [0, 1] and is of at least 1 sample, but got %s of %d"
                                    + " samples",
                            share,
                            samples));
        }
        double weight = Z * Z / samples;
        double middle = (share + weight / 2) / (1 + weight);
        double half = Z * Math.sqrt(share * (1 - share) / samples + weight / samples / 4);
        half /= 1 + weight;
        return new Measured(
                share,
                OptionalDouble.of(share == 0 ? 0 : middle - half), // but for rounding
                OptionalDouble.of(share == 1 ? 1 : middle + half),
                bytes,
                OptionalDouble.empty());
    }

    /**
     * Returns the same with the time that one sample takes.
     *
     * @param time the time in milliseconds
     * @return what was measured
     */
    public Measured taking(double time) {
        return new Measured(metric, low, high, bytes, OptionalDouble.of(time));
    }
}
