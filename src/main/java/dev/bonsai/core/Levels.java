package dev.bonsai.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/**
 * How strongly a technique may act, from "nothing is changed" to the target: a strictly monotone
 * list of levels, such as sparsities 0.5, 0.8, 0.9 or bit widths 8, 6, 4.
 */
public final class Levels {

    private final double start;
    private final List<Double> steps;
    private final double resolution;
    private final DoubleFunction<String> format;

    private Levels(
            double start, List<Double> steps, double resolution, DoubleFunction<String> format) {
        this.start = start;
        this.steps = steps;
        this.resolution = resolution;
        this.format = format;
    }

    /**
     * Levels that may be halved until they are closer than a resolution.
     *
     * @param start the level at which nothing is changed
     * @param steps the levels to try one after the other, moving strictly away from the start; the
     *     last is the target. Steps equal to the start or to one another are dropped
     * @param resolution the smallest difference of two levels worth a trial, greater than 0; levels
     *     between steps are multiples of it
     * @param format how a level is shown to people
     * @return the levels
     */
    public static Levels of(
            double start, double[] steps, double resolution, DoubleFunction<String> format) {
        if (!(resolution > 0)) {
            throw new IllegalArgumentException(
                    "The resolution of levels is greater than 0, but got " + resolution);
        }
        double target = steps.length == 0 ? start : steps[steps.length - 1];
        List<Double> kept = new ArrayList<>();
        double last = start;
        for (double step : steps) {
            if (step != last) {
                if (Double.isNaN(step) || Math.signum(step - last) != Math.signum(target - start)) {
                    throw new IllegalArgumentException(
                            String.format(
                                    Locale.ROOT,
                                    "Levels move from the start (%s) to the last step without"
                                            + " turning back, but got %s",
                                    start,
                                    Arrays.toString(steps)));
                }
                kept.add(step);
                last = step;
            }
        }
        return new Levels(start, List.copyOf(kept), resolution, format);
    }

    /**
     * One level, all or nothing.
     *
     * @param name how the level is shown to people
     * @return levels with the start 0 and the target 1
     */
    public static Levels single(String name) {
        return of(0, new double[] {1}, 1, level -> level == 0 ? "off" : name);
    }

    /**
     * Returns the level at which nothing is changed.
     *
     * @return the start
     */
    public double start() {
        return start;
    }

    /**
     * Returns the level that is asked for in the end.
     *
     * @return the last step, or the start where there is none
     */
    public double target() {
        return steps.isEmpty() ? start : steps.get(steps.size() - 1);
    }

    /**
     * Returns the next step.
     *
     * @param accepted the level reached so far
     * @return the first step beyond it, or empty if the target is reached
     */
    public OptionalDouble next(double accepted) {
        double distance = Math.abs(accepted - start);
        return steps.stream()
                .mapToDouble(Double::doubleValue)
                .filter(step -> Math.abs(step - start) > distance)
                .findFirst();
    }

    /**
     * Returns a level halfway between a good and a bad one.
     *
     * @param accepted the level reached so far
     * @param failed a level beyond it that cost too much
     * @return the multiple of the resolution nearest to the middle that is neither, or empty if
     *     there is none
     */
    public OptionalDouble between(double accepted, double failed) {
        double middle = Math.rint((accepted + failed) / 2 / resolution) * resolution;
        double least = 0.999 * resolution; // 0.1 % for the rounding of the product
        return Math.abs(middle - accepted) >= least && Math.abs(middle - failed) >= least
                ? OptionalDouble.of(middle)
                : OptionalDouble.empty();
    }

    /**
     * Shows a level to people.
     *
     * @param level the level
     * @return such as {@code sparsity 0.9000} or {@code 4 bits}
     */
    public String format(double level) {
        return format.apply(level);
    }
}
