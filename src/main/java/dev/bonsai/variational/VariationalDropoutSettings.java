package dev.bonsai.variational;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.core.Bounds;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import java.util.Locale;
import org.jspecify.annotations.NullUnmarked;

/**
 * The settings of a {@link VariationalDropout}; {@link VariationalDropout.Builder} says what each
 * means.
 *
 * @param selector which weights are trained with noise and thinned out
 * @param samples how many samples the model is trained on, at least 1
 * @param klWeight the weight of the divergence, finite and greater than 0
 * @param steps over how many steps, of an epoch each, the training goes, at least 1
 * @param warmupSteps in how many of them the weight of the divergence rises, at least 1
 * @param threshold the {@code log alpha} from which an element is removed, finite
 * @param initialLogVariance the {@code log sigma^2} that every element begins with, finite
 * @param varianceRate how many times faster than weights {@code log sigma^2} is trained, finite and
 *     greater than 0
 * @param seed the seed of the noise
 */
public record VariationalDropoutSettings(
        WeightSelector selector,
        @Bounds(atLeast = 1) long samples,
        @Bounds(above = 0) Float klWeight,
        @Bounds(atLeast = 1) Integer steps,
        @Bounds(atLeast = 1) Integer warmupSteps,
        Float threshold,
        Float initialLogVariance,
        @Bounds(above = 0) Float varianceRate,
        Long seed)
        implements TechniqueSettings {

    /**
     * Fills in the defaults and checks the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range, or the warm-up is longer
     *     than the whole
     */
    @NullUnmarked // what is given as null takes its default
    public VariationalDropoutSettings {
        selector = requireNonNullElseGet(selector, WeightSelector::all);
        checkSamples(samples);
        klWeight = positive("weight of the divergence", requireNonNullElse(klWeight, 1f), 1);
        steps = atLeastOne("steps", requireNonNullElse(steps, 15));
        warmupSteps = atLeastOne("warm-up steps", requireNonNullElse(warmupSteps, 5));
        threshold = finite("threshold", requireNonNullElse(threshold, 3f), 3);
        initialLogVariance =
                finite("initial log variance", requireNonNullElse(initialLogVariance, -8f), -8);
        varianceRate = positive("rate of the variance", requireNonNullElse(varianceRate, 3f), 3);
        seed = requireNonNullElse(seed, 0L);
        if (warmupSteps > steps) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The warm-up is a part of the steps, but got %d of %d: call"
                                    + " optWarmupSteps with at most %d",
                            warmupSteps,
                            steps,
                            steps));
        }
    }

    static long checkSamples(long samples) {
        if (samples < 1) {
            throw new IllegalArgumentException(
                    "A training set has at least 1 sample, but got "
                            + samples
                            + ": call setSamples(training.size())");
        }
        return samples;
    }

    static int atLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT, "There is at least 1 of the %s, but got %d", what, value));
        }
        return value;
    }

    static float positive(String what, float value, int usual) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The %s is greater than 0, but got %s: use %d",
                            what,
                            value,
                            usual));
        }
        return finite(what, value, usual);
    }

    static float finite(String what, float value, int usual) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The %s is finite, but got %s: use %d",
                            what,
                            value,
                            usual));
        }
        return value;
    }

    @Override
    public VariationalDropout build() {
        return new VariationalDropout(this);
    }
}
