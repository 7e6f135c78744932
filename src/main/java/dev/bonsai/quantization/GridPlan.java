package dev.bonsai.quantization;

import dev.bonsai.encoding.FloatFormat;
import java.util.Locale;

/**
 * The options of a grid, checked against one another.
 *
 * @param quantizer the grid
 * @param granularity what shares a scale
 * @param estimator finds the range
 * @param rounding picks a neighbour
 * @param correction what is done about the mean error
 */
record GridPlan(
        AffineQuantizer quantizer,
        Granularity granularity,
        RangeEstimator estimator,
        Rounding rounding,
        ErrorCorrection correction) {

    GridPlan {
        boolean nearest = rounding.equals(Rounding.nearestEven());
        boolean plain =
                nearest
                        && estimator.equals(RangeEstimator.minMax())
                        && correction == ErrorCorrection.NONE;
        if (quantizer.scales() == Scales.LEARNED) {
            checkLearned(quantizer, rounding, correction);
        } else if (quantizer.bits() > AffineQuantizer.NARROW && !plain) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Above 16 bits a grid is min-max, rounded to the nearest, without error"
                                    + " correction, but got %d bits with %s, %s, %s: leave the"
                                    + " options out or set 16 bits or fewer",
                            quantizer.bits(),
                            estimator,
                            rounding,
                            correction));
        }
        if (correction == ErrorCorrection.MEAN && !nearest) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The error correction MEAN changes roundings to the nearest, but got the"
                                    + " rounding %s, whose mean error is 0 over the steps: leave"
                                    + " one of the two out",
                            rounding));
        }
    }

    private static void checkLearned(
            AffineQuantizer quantizer, Rounding rounding, ErrorCorrection correction) {
        if (quantizer.bits() > AffineQuantizer.NARROW
                || !rounding.equals(Rounding.nearestEven())
                || correction != ErrorCorrection.NONE) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Learned scales go with 16 bits or fewer, rounded to the nearest,"
                                    + " without error correction, but got %d bits with %s, %s:"
                                    + " leave these options out, or the learned scales",
                            quantizer.bits(),
                            rounding,
                            correction));
        }
    }

    /** Returns the plan of another width, without the options that it doesn't allow. */
    GridPlan at(int bits) {
        Scales scales = quantizer.scales();
        FloatFormat format =
                bits > AffineQuantizer.SHORT_SCALES ? FloatFormat.FLOAT32 : quantizer.scaleFormat();
        if (bits <= AffineQuantizer.NARROW) {
            AffineQuantizer other = new AffineQuantizer(bits, quantizer.mapping(), scales, format);
            return new GridPlan(other, granularity, estimator, rounding, correction);
        }
        return new GridPlan(
                new AffineQuantizer(
                        bits,
                        quantizer.mapping(),
                        scales == Scales.LEARNED ? Scales.FREE : scales,
                        format),
                granularity,
                RangeEstimator.minMax(),
                Rounding.nearestEven(),
                ErrorCorrection.NONE);
    }
}
