package dev.bonsai.lowbit;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of a {@link Ternarization}; {@link Ternarization.Builder} says what each means.
 *
 * @param selector which weights are ternarized
 * @param scale the size of the weights that are not zero
 * @param thresholdFactor up to which size a weight becomes zero, in [0, 0.99]: a factor of the mean
 *     magnitude, or of the greatest with {@link TernaryScale#TRAINED}
 * @param steps the fractions of all elements on the way to all, rising
 */
public record TernarizationSettings(
        WeightSelector selector,
        TernaryScale scale,
        @Bounds(atLeast = 0, atMost = 0.99) Float thresholdFactor,
        @Bounds(above = 0, atMost = 1) List<Float> steps)
        implements TechniqueSettings {

    private static final float OF_MEAN = 0.7f;
    private static final float OF_MAXIMUM = 0.05f;
    private static final float LARGEST = 0.99f;

    /**
     * Fills in the defaults and checks the settings.
     *
     * @throws IllegalArgumentException if the factor is out of its range, or the steps do not rise
     *     in (0, 1]
     */
    @NullUnmarked // what is given as null takes its default
    public TernarizationSettings {
        selector = requireNonNullElseGet(selector, WeightSelector::all);
        scale = requireNonNullElse(scale, TernaryScale.PER_CHANNEL);
        float usual = scale == TernaryScale.TRAINED ? OF_MAXIMUM : OF_MEAN;
        thresholdFactor = checkFactor(requireNonNullElse(thresholdFactor, usual));
        steps = Channels.checkSteps(List.copyOf(requireNonNullElse(steps, List.of())));
    }

    static float checkFactor(float factor) {
        if (!(factor >= 0 && factor <= LARGEST)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The threshold factor lies in [0, %s], or weights that are ternary"
                                    + " already would not stay so, but got %s: use 0.7f of the"
                                    + " mean, or 0.05f of the maximum with TRAINED",
                            LARGEST,
                            factor));
        }
        return factor;
    }

    @Override
    public Ternarization build() {
        return new Ternarization(this);
    }
}
