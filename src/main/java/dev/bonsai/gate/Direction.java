package dev.bonsai.gate;

import ai.djl.training.evaluator.AbstractAccuracy;
import ai.djl.training.evaluator.BoundingBoxError;
import ai.djl.training.evaluator.Coverage;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.loss.Loss;
import java.util.Locale;

/** Which way a metric improves. */
public enum Direction {
    /** Such as accuracy. */
    HIGHER_IS_BETTER(1),
    /** Such as a loss or an error. */
    LOWER_IS_BETTER(-1);

    private final int sign;

    Direction(int sign) {
        this.sign = sign;
    }

    /**
     * Returns how much worse a metric is than another.
     *
     * @param baseline the metric to compare with
     * @param metric the metric
     * @return positive if {@code metric} is worse, negative if it is better, in the metric's unit
     */
    public double drop(double baseline, double metric) {
        return sign * (baseline - metric);
    }

    /**
     * Returns the direction of a known evaluator.
     *
     * @param evaluator one of DJL's accuracies, errors and losses
     * @return its direction
     * @throws IllegalArgumentException for an evaluator of another class
     */
    public static Direction of(Evaluator evaluator) {
        if (evaluator instanceof Loss || evaluator instanceof BoundingBoxError) {
            return LOWER_IS_BETTER;
        }
        if (evaluator instanceof AbstractAccuracy || evaluator instanceof Coverage) {
            return HIGHER_IS_BETTER;
        }
        throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "Whether a higher or a lower %s (%s) is better is not known: say it with"
                                + " optDirection(...)",
                        evaluator.getName(),
                        evaluator.getClass().getName()));
    }
}
