package dev.bonsai.regularization;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of a {@link Regularization}.
 *
 * @param selector which weights are drawn
 * @param norm what is kept small; required
 * @param strength the strength in the end, finite and at least 0, in the unit of the norm
 * @param steps the strengths on the way, rising; by default a quarter, a half and three quarters of
 *     the last. None at all begins with the last
 */
public record RegularizationSettings(
        WeightSelector selector,
        Norm norm,
        @Bounds(atLeast = 0) float strength,
        @Bounds(above = 0) List<Float> steps)
        implements TechniqueSettings {

    /**
     * Fills in the defaults and checks the settings.
     *
     * @throws IllegalArgumentException if there is no norm, the strength is out of its range, or
     *     the steps do not rise to it
     */
    @NullUnmarked // what is given as null takes its default
    public RegularizationSettings {
        selector = requireNonNullElseGet(selector, WeightSelector::all);
        if (norm == null) {
            throw new IllegalArgumentException(
                    "A regularization needs a norm, but got none: use L1, L2 or BITS");
        }
        checkStrength(norm, strength);
        List<Float> usual = List.of(strength / 4, strength / 2, strength * 3 / 4);
        steps = List.copyOf(requireNonNullElse(steps, strength > 0 ? usual : List.of()));
        checkSteps(strength, steps);
    }

    static float checkStrength(Norm norm, float strength) {
        if (!(strength >= 0 && strength < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The strength of a penalty is finite and at least 0, but got %s:"
                                    + " use Regularization.%s(1e-5f)",
                            strength,
                            norm.name().toLowerCase(Locale.ROOT)));
        }
        return strength;
    }

    static void checkSteps(float strength, List<Float> steps) {
        float before = 0;
        for (float step : steps) {
            if (!(step > before && step <= strength)) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "The steps of a penalty go up from above 0 to its strength of"
                                        + " %s, each greater than the one before, but got %s:"
                                        + " sort them, and leave out what is more",
                                strength,
                                steps));
            }
            before = step;
        }
    }

    @Override
    public Regularization build() {
        return new Regularization(this);
    }
}
