package dev.bonsai.quantization;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of an {@link ActivationQuantization}; {@link ActivationQuantization.Builder} says
 * what each means.
 *
 * @param selector the weights whose products are computed in integers
 * @param bits the width in the end, from 2 to 8
 * @param steps the widths on the way, falling; the target may be the last
 * @param rangeEstimator what finds the range of a batch
 * @param scales whether the ranges are gathered or learned
 */
public record ActivationQuantizationSettings(
        WeightSelector selector,
        @Bounds(atLeast = 2, atMost = 8) int bits,
        @Bounds(atLeast = 2, atMost = 16) List<Integer> steps,
        RangeEstimator rangeEstimator,
        Scales scales)
        implements TechniqueSettings {

    private static final int WIDEST = 8;
    private static final float MOMENTUM = 0.9f;

    /**
     * Fills in the defaults and checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range, or the steps do not go down
     *     to the bits
     */
    @NullUnmarked // what is given as null takes its default
    public ActivationQuantizationSettings {
        selector = requireNonNullElseGet(selector, WeightSelector::all);
        checkBits(bits);
        steps = checkSteps(QuantizationSettings.stepsTo(bits, steps));
        scales = requireNonNullElse(scales, Scales.FREE);
        if (scales == Scales.POWER_OF_TWO) {
            throw new IllegalArgumentException(
                    "The scales of activations are FREE or LEARNED, but got " + scales);
        }
        rangeEstimator =
                requireNonNullElse(
                        rangeEstimator,
                        scales == Scales.LEARNED
                                ? RangeEstimator.mse()
                                : RangeEstimator.movingAverage(MOMENTUM));
    }

    static int checkBits(int bits) {
        if (bits < 2 || bits > WIDEST) {
            throw new IllegalArgumentException(
                    "Activations have from 2 to 8 bits, but got "
                            + bits
                            + ": use 8, which integer kernels compute with");
        }
        return bits;
    }

    static List<Integer> checkSteps(List<Integer> steps) {
        QuantizationSettings.checkSteps(steps);
        if (!steps.isEmpty() && steps.get(0) > AffineQuantizer.NARROW) {
            throw new IllegalArgumentException(
                    "The steps of activations have from 2 to 16 bits, but got " + steps);
        }
        return steps;
    }

    @Override
    public ActivationQuantization build() {
        return new ActivationQuantization(this);
    }
}
