package dev.bonsai.lowbit;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of a {@link Binarization}; {@link Binarization.Builder} says what each means.
 *
 * @param selector which weights are binarized
 * @param scale the size of the weights
 * @param stochasticSeed the seed of signs that are drawn by chance, or empty for those of the
 *     weights
 * @param steps the fractions of all elements on the way to all, rising
 */
public record BinarizationSettings(
        WeightSelector selector,
        BinaryScale scale,
        OptionalLong stochasticSeed,
        @Bounds(above = 0, atMost = 1) List<Float> steps)
        implements TechniqueSettings {

    /**
     * Fills in the defaults and checks the settings.
     *
     * @throws IllegalArgumentException if the steps do not rise in (0, 1]
     */
    @NullUnmarked // what is given as null takes its default
    public BinarizationSettings {
        selector = requireNonNullElseGet(selector, WeightSelector::all);
        scale = requireNonNullElse(scale, BinaryScale.PER_CHANNEL);
        stochasticSeed = stochasticSeed == null ? OptionalLong.empty() : stochasticSeed;
        steps = Channels.checkSteps(List.copyOf(requireNonNullElse(steps, List.of())));
    }

    @Override
    public Binarization build() {
        return new Binarization(this);
    }
}
