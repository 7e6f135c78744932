package dev.bonsai.quantization;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.encoding.FloatFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of a {@link Quantization}; {@link Quantization.Builder} says what each means.
 *
 * @param selector which weights are quantized
 * @param bits the width in the end, from 2 to 32
 * @param steps the widths on the way, falling; the target may be the last
 * @param ownBits the widths that some of the weights have of their own
 * @param mapping where the grid lies relative to zero
 * @param granularity which elements share a scale
 * @param rangeEstimator what finds the range that the grid spans
 * @param rounding which neighbour on the grid a weight becomes
 * @param errorCorrection what is done about the mean error of a group
 * @param scales where the scales come from
 * @param scaleFormat in which format the scales are stored
 * @param byteGoal what codes and scales may take in a file; empty if all have the same width
 * @param errorMeasure by what widths are shared out under a goal
 */
public record QuantizationSettings(
        WeightSelector selector,
        @Bounds(atLeast = 2, atMost = 32) int bits,
        @Bounds(atLeast = 2, atMost = 32) List<Integer> steps,
        List<OwnBits> ownBits,
        Mapping mapping,
        Granularity granularity,
        RangeEstimator rangeEstimator,
        Rounding rounding,
        ErrorCorrection errorCorrection,
        Scales scales,
        FloatFormat scaleFormat,
        @Bounds(atLeast = 1) OptionalLong byteGoal,
        ErrorMeasure errorMeasure)
        implements TechniqueSettings {

    /**
     * Fills in the defaults and checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range, the steps do not go down to
     *     the bits, or settings contradict one another
     */
    @NullUnmarked // what is given as null takes its default
    public QuantizationSettings {
        selector = requireNonNullElseGet(selector, WeightSelector::all);
        AffineQuantizer.checkBits(bits);
        steps = stepsTo(bits, steps);
        ownBits = List.copyOf(requireNonNullElse(ownBits, List.of()));
        mapping = requireNonNullElse(mapping, Mapping.SYMMETRIC);
        granularity = requireNonNullElse(granularity, Granularity.perChannel());
        rounding = requireNonNullElse(rounding, Rounding.nearestEven());
        errorCorrection = requireNonNullElse(errorCorrection, ErrorCorrection.NONE);
        scales = requireNonNullElse(scales, Scales.FREE);
        rangeEstimator =
                requireNonNullElse(
                        rangeEstimator,
                        scales == Scales.LEARNED ? RangeEstimator.mse() : RangeEstimator.minMax());
        scaleFormat = requireNonNullElse(scaleFormat, FloatFormat.FLOAT32);
        AffineQuantizer.checkScaleFormat(scaleFormat);
        byteGoal = requireNonNullElse(byteGoal, OptionalLong.empty());
        byteGoal.ifPresent(QuantizationSettings::checkByteGoal);
        errorMeasure = requireNonNullElse(errorMeasure, ErrorMeasure.GRADIENTS);
        checkGoal(bits, rounding, byteGoal);
        if (!steps.isEmpty() && steps.get(0) > AffineQuantizer.NARROW) { // would leave options out
            new GridPlan(
                    new AffineQuantizer(steps.get(0), mapping, scales, FloatFormat.FLOAT32),
                    granularity,
                    rangeEstimator,
                    rounding,
                    errorCorrection);
        }
        new GridPlan(
                new AffineQuantizer(bits, mapping, scales, scaleFormat),
                granularity,
                rangeEstimator,
                rounding,
                errorCorrection);
    }

    static long checkByteGoal(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(
                    "A goal allows 1 or more bytes, but got "
                            + bytes
                            + ": use optByteGoal(25_000)");
        }
        return bytes;
    }

    private static void checkGoal(int bits, Rounding rounding, OptionalLong goal) {
        if (goal.isPresent()
                && (bits >= WidthChoice.WIDEST || !rounding.equals(Rounding.nearestEven()))) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "With a goal of bytes weights have from setBits to %d bits and are"
                                    + " rounded to the nearest, but got %d bits with %s: set fewer"
                                    + " bits, and leave the rounding out, or the goal",
                            WidthChoice.WIDEST,
                            bits,
                            rounding));
        }
    }

    /**
     * The width of the weights whose path has a match of a pattern.
     *
     * @param path a regular expression that is found anywhere in the path
     * @param bits the width, from 2 to 16
     */
    public record OwnBits(String path, @Bounds(atLeast = 2, atMost = 16) int bits) {

        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if the pattern is no regular expression, or the width is
         *     out of its range
         */
        public OwnBits {
            Pattern.compile(Objects.requireNonNull(path, "path"));
            if (bits > AffineQuantizer.NARROW) {
                throw new IllegalArgumentException(
                        "A width of some weights' own is from 2 to 16 bits, but got " + bits);
            }
            AffineQuantizer.checkBits(bits);
        }
    }

    /** Returns the widths on the way to a target, of which there are none by default. */
    static List<Integer> stepsTo(int bits, List<Integer> steps) {
        List<Integer> given = checkSteps(List.copyOf(requireNonNullElse(steps, List.of())));
        if (!given.isEmpty() && given.get(given.size() - 1) < bits) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Steps end at the target of %d bits, but got %s: leave out what is"
                                    + " less, or set fewer bits",
                            bits,
                            given));
        }
        return given;
    }

    static List<Integer> checkSteps(List<Integer> steps) {
        int before = Integer.MAX_VALUE;
        for (int step : steps) {
            AffineQuantizer.checkBits(step);
            if (step >= before) {
                throw new IllegalArgumentException(
                        "Steps go down, each less than the one before, but got "
                                + steps
                                + ": use optSteps(8, 6, 4)");
            }
            before = step;
        }
        return steps;
    }

    GridPlan plan() {
        return new GridPlan(
                new AffineQuantizer(bits, mapping, scales, scaleFormat),
                granularity,
                rangeEstimator,
                rounding,
                errorCorrection);
    }

    @Override
    public Quantization build() {
        return new Quantization(this);
    }
}
