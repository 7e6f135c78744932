package dev.bonsai.rounding;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import dev.bonsai.core.Refresh;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of a {@link RateDistortionRounding}; {@link RateDistortionRounding.Builder} says
 * what each means.
 *
 * @param selector which weights are worked on
 * @param lambda what a bit may cost in the end, in squared steps of the grid; finite and at least 0
 * @param steps what it may cost on the way, rising; by default a quarter, a half and three quarters
 *     of the last. None at all begins with the last
 * @param weighting what the error of an element counts
 * @param refresh when the codes are chosen anew
 */
public record RateDistortionSettings(
        WeightSelector selector,
        @Bounds(atLeast = 0) float lambda,
        @Bounds(above = 0) List<Float> steps,
        ErrorWeighting weighting,
        Refresh refresh)
        implements TechniqueSettings {

    /**
     * Fills in the defaults and checks the settings.
     *
     * @throws IllegalArgumentException if a number is out of its range, or the steps do not rise to
     *     lambda
     */
    @NullUnmarked // what is given as null takes its default
    public RateDistortionSettings {
        selector = requireNonNullElseGet(selector, WeightSelector::all);
        check(lambda);
        List<Float> usual = List.of(lambda / 4, lambda / 2, lambda * 3 / 4);
        steps = List.copyOf(requireNonNullElse(steps, lambda > 0 ? usual : List.of()));
        checkSteps(lambda, steps);
        weighting = requireNonNullElse(weighting, ErrorWeighting.EVEN);
        refresh = requireNonNullElse(refresh, Refresh.NONE);
    }

    static float check(float lambda) {
        if (!(lambda >= 0 && lambda < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "What a bit may cost is finite and at least 0, but got %s: use 0.1f, a"
                                    + " tenth of a squared step",
                            lambda));
        }
        return lambda;
    }

    static void checkSteps(float lambda, List<Float> steps) {
        float before = 0;
        for (float step : steps) {
            if (!(step > before && step <= lambda)) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "What a bit may cost goes up from above 0 to %s, each more than the"
                                        + " one before, but got %s: sort the steps, and leave out"
                                        + " what is more",
                                lambda,
                                steps));
            }
            before = step;
        }
    }

    @Override
    public RateDistortionRounding build() {
        return new RateDistortionRounding(this);
    }
}
