package dev.bonsai.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Writes numbers for people: the same text under every default locale, and enough digits whatever
 * the unit is.
 */
public final class Numbers {

    /** What stands in place of a number that nobody has measured. */
    public static final String NOT_MEASURED = "not measured";

    /** Metrics are 32-bit floats: a difference below this part of them is rounding. */
    private static final double ROUNDING = 1e-6;

    /** What a logarithm may be too large by: 1 - 0.99999 is a little less than 0.00001. */
    private static final double NOISE = 1e-6;

    private static final int DIGITS = 4;
    private static final double LEAST_FIXED = 1e-4;
    private static final double MOST_FIXED = 1e9;

    private Numbers() {}

    /**
     * Writes a metric with four significant digits, such as 0.9850, 1.7e-6 or 123.5. A number below
     * 10 has at least four decimal places, down to 0.0001, and no digit before the decimal point is
     * rounded off.
     *
     * @param value the metric
     * @return the text; {@link #NOT_MEASURED} for NaN
     */
    public static String metric(double value) {
        if (Double.isNaN(value)) {
            return NOT_MEASURED;
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinite" : "-infinite";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal exact = BigDecimal.valueOf(value);
        BigDecimal rounded = exact.round(new MathContext(DIGITS, RoundingMode.HALF_UP));
        double magnitude = rounded.abs().doubleValue();
        if (magnitude < LEAST_FIXED || magnitude >= MOST_FIXED) {
            return scientific(rounded);
        }
        int decimals =
                magnitude < 10
                        ? Math.max(DIGITS, rounded.stripTrailingZeros().scale())
                        : Math.max(0, DIGITS - rounded.precision() + rounded.scale());
        return exact.setScale(decimals, RoundingMode.HALF_UP).toPlainString();
    }

    private static String scientific(BigDecimal number) {
        BigDecimal shortest = number.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        return shortest.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
    }

    /**
     * Writes how much worse a metric has become, with its sign, as {@link #metric} does.
     *
     * @param drop the drop in the metric's unit; positive if the metric is worse
     * @param metric the metric that dropped: a drop of less than a millionth of it is written as 0
     * @return the text; {@link #NOT_MEASURED} for NaN
     */
    public static String drop(double drop, double metric) {
        if (Double.isFinite(drop) && Math.abs(drop) <= ROUNDING * Math.abs(metric)) {
            return "0";
        }
        return drop > 0 ? "+" + metric(drop) : metric(drop);
    }

    /**
     * Writes a standard error: two digits of it, as {@link #metric} does.
     *
     * @param error the standard error in the metric's unit
     * @return the text; {@link #NOT_MEASURED} for NaN
     */
    public static String spread(double error) {
        return Double.isFinite(error)
                ? metric(new BigDecimal(error).round(new MathContext(2)).doubleValue())
                : metric(error);
    }

    /**
     * Writes how much worse a metric has become, with its sign and its standard error, both with
     * four decimal places where that tells the error.
     *
     * @param drop the drop in the metric's unit; positive if the metric is worse
     * @param error its standard error, greater than 0
     * @return the text, such as {@code +0.0040 ± 0.0028}
     */
    public static String dropWithError(double drop, double error) {
        boolean usual = error >= LEAST_FIXED && error < 1;
        String text = usual ? fixed(drop, DIGITS) : metric(drop);
        String spread = usual ? fixed(error, DIGITS) : spread(error);
        return (drop > 0 ? "+" : "") + text + " \u00b1 " + spread;
    }

    /**
     * Writes a fraction, such as a sparsity, with four decimal places. It has more of them where it
     * would be rounded to 0 or 1 without being it.
     *
     * @param value the fraction, in [0, 1]
     * @return the text; {@link #NOT_MEASURED} for NaN
     */
    public static String fraction(double value) {
        if (Double.isNaN(value)) {
            return NOT_MEASURED;
        }
        int decimals = DIGITS;
        if (value > 0 && value < 1) {
            double margin = Math.min(value, 1 - value);
            decimals = Math.max(decimals, (int) Math.ceil(-Math.log10(margin) - NOISE));
        }
        return fixed(value, decimals);
    }

    /**
     * Writes a number with a given number of decimal places.
     *
     * @param value the number
     * @param decimals the decimal places, at least 0
     * @return the text; {@link #NOT_MEASURED} for NaN
     */
    public static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return metric(value);
        }
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /**
     * Writes a count with a comma before every third digit.
     *
     * @param value the count
     * @return the text, such as 1,234,567
     */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
