package dev.bonsai.onnx;

import dev.bonsai.onnx.HistogramRule.Bounds;

/**
 * Which part of the values of an activation an 8-bit grid spans: a wide one clips nothing, a narrow
 * one has finer steps. Works on a histogram, so that a calibration keeps no values.
 */
public final class ActivationRange {

    private final HistogramRule rule;

    private ActivationRange(HistogramRule rule) {
        this.rule = rule;
    }

    /**
     * Spans all values.
     *
     * @return the choice that clips nothing
     */
    public static ActivationRange minMax() {
        return new ActivationRange(new HistogramRule.MinMax());
    }

    /**
     * Leaves out {@code (100 - percent) / 100} of the non-zero values at either end.
     *
     * @param percent how much lies below the greatest value spanned, in (50, 100], such as 99.99
     * @return the choice
     */
    public static ActivationRange percentile(double percent) {
        return new ActivationRange(new HistogramRule.Percentile(percent));
    }

    /**
     * Searches the range with the least mean squared error, among that of all values times each of
     * 25 ratios from 1 down to 1/4.
     *
     * @return the choice
     */
    public static ActivationRange mse() {
        return new ActivationRange(new HistogramRule.LeastError());
    }

    Bounds of(ValueHistogram values) {
        return rule.of(values);
    }

    /** The choice and its number. */
    @Override
    public String toString() {
        return rule.toString();
    }
}
