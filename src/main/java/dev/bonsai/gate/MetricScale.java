package dev.bonsai.gate;

import ai.djl.training.evaluator.AbstractAccuracy;
import ai.djl.training.evaluator.Evaluator;
import java.util.OptionalDouble;

/**
 * Which unit a metric has, and with it what a gate allows where nothing else is said.
 *
 * <p>A fraction lies between 0 and 1 for every model, so that a difference of 0.01 means the same
 * everywhere. Any other metric is in a unit of its own: the mean squared error of the same model is
 * a million times as large in millimetres as in metres. Its defaults are relative to the reference.
 */
public enum MetricScale {
    /** Between 0 and 1, such as accuracy. */
    FRACTION,
    /**
     * In any other unit, such as a loss: 2 % of a mean squared error is 1 % of its root, the usual
     * point of accuracy.
     */
    OWN_UNIT;

    /**
     * Returns the scale of an evaluator.
     *
     * @param evaluator the evaluator
     * @return {@link #FRACTION} for each of DJL's accuracies, {@link #OWN_UNIT} for anything else
     */
    public static MetricScale of(Evaluator evaluator) {
        return evaluator instanceof AbstractAccuracy ? FRACTION : OWN_UNIT;
    }

    /** Returns what a step may cost where nothing else is said. */
    Tolerance tolerance() {
        return this == FRACTION ? absolute(0.01) : relative(0.02);
    }

    /** Returns what a step may cost before training tries to make up for it, likewise. */
    Tolerance shock() {
        return this == FRACTION ? absolute(0.2) : relative(0.5);
    }

    private static Tolerance absolute(double drop) {
        return new Tolerance(
                OptionalDouble.of(drop), OptionalDouble.empty(), OptionalDouble.empty());
    }

    private static Tolerance relative(double drop) {
        return new Tolerance(
                OptionalDouble.empty(), OptionalDouble.of(drop), OptionalDouble.empty());
    }
}
