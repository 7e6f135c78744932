package dev.bonsai.pruning;

import ai.djl.training.tracker.Tracker;
import dev.bonsai.core.NamedValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * In which steps the sparsity grows to its target.
 *
 * <p>The steps lie in [0, target], never decrease, and the last is the target exactly. A step that
 * costs too much is halved by the gate, so a schedule is a plan and not a promise.
 */
public final class SparsitySchedule extends NamedValue {

    private final int steps;
    private final Curve curve;

    private SparsitySchedule(int steps, Curve curve, String factory, Object... arguments) {
        super(factory, arguments);
        this.steps = steps;
        this.curve = curve;
    }

    /** A sparsity as a function of the progress. */
    @FunctionalInterface
    public interface Curve {

        /**
         * Returns the sparsity after a step.
         *
         * @param step the step, from 1 to {@code steps}
         * @param steps the number of steps
         * @param target the sparsity in the end, in [0, 1)
         * @return the sparsity, in [0, 1) and at least that of the step before; what exceeds the
         *     target is cut down to it
         */
        double at(int step, int steps, double target);
    }

    /**
     * Follows a curve; after the last step the sparsity is the target, whatever the curve says.
     *
     * @param steps the number of steps, at least 1
     * @param curve gives the sparsity after each step
     * @return the schedule
     */
    public static SparsitySchedule of(int steps, Curve curve) {
        return of(steps, Objects.requireNonNull(curve, "curve"), "of", steps, curve);
    }

    private static SparsitySchedule of(
            int steps, Curve curve, String factory, Object... arguments) {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    "A schedule has at least 1 step, but got " + steps + ": use constant() for 1");
        }
        return new SparsitySchedule(steps, curve, factory, arguments);
    }

    /**
     * Jumps to the target at once.
     *
     * @return the schedule of one step
     */
    public static SparsitySchedule constant() {
        return of(1, (step, steps, target) -> target, "constant");
    }

    /**
     * Removes the same number of elements at every step.
     *
     * @param steps the number of steps, at least 1
     * @return the schedule {@code target * k / n}
     */
    public static SparsitySchedule linear(int steps) {
        return of(steps, power(1), "linear", steps);
    }

    /**
     * Starts fast and slows down: {@code target * (1 - (1 - k / n)^power)}.
     *
     * @param steps the number of steps, at least 1
     * @param power the exponent, finite and greater than 0; 1 is linear, 3 is {@link #cubic}
     * @return the schedule
     */
    public static SparsitySchedule polynomial(int steps, double power) {
        if (!(power > 0) || Double.isInfinite(power)) {
            throw new IllegalArgumentException(
                    "The power of a schedule is finite and greater than 0, but got "
                            + power
                            + ": use 1 for a linear and 3 for the usual schedule");
        }
        return of(steps, power(power), "polynomial", steps, power);
    }

    private static Curve power(double power) {
        return (step, n, target) -> target * (1 - Math.pow(1 - (double) step / n, power));
    }

    /**
     * Removes much while there is much redundancy and little in the end.
     *
     * <p>Zhu, Gupta: "To prune, or not to prune: exploring the efficacy of pruning for model
     * compression", <a href="https://arxiv.org/abs/1710.01878">arXiv:1710.01878</a>.
     *
     * @param steps the number of steps, at least 1
     * @return the schedule {@code target * (1 - (1 - k / n)^3)}
     */
    public static SparsitySchedule cubic(int steps) {
        return of(steps, power(3), "cubic", steps);
    }

    /**
     * Removes the same share of what is left at every step: {@code 1 - (1 - target)^(k / n)}.
     *
     * <p>Frankle, Carbin: "The Lottery Ticket Hypothesis: Finding Sparse, Trainable Neural
     * Networks", <a href="https://arxiv.org/abs/1803.03635">arXiv:1803.03635</a>.
     *
     * @param steps the number of steps, at least 1
     * @return the schedule
     */
    public static SparsitySchedule exponential(int steps) {
        return of(
                steps,
                (step, n, target) -> 1 - Math.pow(1 - target, (double) step / n),
                "exponential",
                steps);
    }

    /**
     * Follows a tracker, whose value after k updates is the sparsity after step k.
     *
     * @param tracker a tracker that stays in [0, 1) and never decreases
     * @param steps the number of steps, at least 1; after the last the sparsity is the target
     * @return the schedule; a tracker that breaks the rules is reported when the {@link Pruning} is
     *     built
     */
    public static SparsitySchedule fromTracker(Tracker tracker, int steps) {
        Objects.requireNonNull(tracker, "tracker");
        return of(
                steps,
                (step, n, target) -> shortest(tracker.getNewValue(step)),
                "fromTracker",
                tracker,
                steps);
    }

    /** Returns 0.9 for 0.9f, where a cast gives 0.8999999762. */
    static double shortest(float value) {
        return Double.parseDouble(Float.toString(value));
    }

    /**
     * Returns the sparsities after each step.
     *
     * @param target the last of them, in [0, 1)
     * @throws IllegalArgumentException if the curve leaves [0, 1) or decreases
     */
    double[] sparsities(double target) {
        double[] sparsities = new double[steps];
        double last = 0;
        for (int k = 1; k <= steps; ++k) {
            double sparsity = curve.at(k, steps, target);
            if (!(sparsity >= last && sparsity < 1)) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "A sparsity schedule stays in [0, 1) and never decreases, but got"
                                        + " %s at step %d of %d after %s. Correct the curve or the"
                                        + " tracker, or use SparsitySchedule.cubic(%d)",
                                sparsity,
                                k,
                                steps,
                                Arrays.toString(Arrays.copyOf(sparsities, k - 1)),
                                steps));
            }
            last = sparsity;
            sparsities[k - 1] = Math.min(sparsity, target);
        }
        sparsities[steps - 1] = target;
        return sparsities;
    }
}
