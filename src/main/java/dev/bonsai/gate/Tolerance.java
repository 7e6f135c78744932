package dev.bonsai.gate;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What a compression step may cost. Every bound that is present must hold.
 *
 * <p>No bound depends on the unit of the metric, except for {@code maxDrop} and {@code floor},
 * which are given in it: a model whose metric and bounds are a million times smaller gets the same
 * verdicts.
 *
 * @param maxDrop how much worse than the reference the metric may be, in the metric's unit
 * @param maxRelativeDrop how much worse than the reference, as a fraction of the reference
 * @param floor the worst metric that is acceptable at all: the lowest accuracy, the highest loss
 */
public record Tolerance(
        OptionalDouble maxDrop, OptionalDouble maxRelativeDrop, OptionalDouble floor) {

    /**
     * Metrics are 32-bit floats, whose neighbours are up to 1.2e-7 of their size apart. A
     * difference below eight such steps of the larger of two numbers is their rounding.
     */
    private static final double ROUNDING = 1e-6;

    /**
     * Validates the bounds.
     *
     * @throws IllegalArgumentException if a drop is negative, or a bound is NaN
     */
    public Tolerance {
        checkDrop("maxDrop", maxDrop);
        checkDrop("maxRelativeDrop", maxRelativeDrop);
        if (floor.isPresent() && Double.isNaN(floor.getAsDouble())) {
            throw new IllegalArgumentException("The floor is a number, but got NaN");
        }
    }

    private static void checkDrop(String name, OptionalDouble drop) {
        if (drop.isPresent() && !(drop.getAsDouble() >= 0)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT, "%s is 0 or more, but got %s", name, drop.getAsDouble()));
        }
    }

    /**
     * Decides on a metric.
     *
     * @param direction which way the metric improves
     * @param reference the metric to compare with: the best that the model has had
     * @param metric the metric to judge
     * @return whether every bound holds; a metric exactly at a bound passes, one that is not finite
     *     never does
     */
    public boolean accepts(Direction direction, double reference, double metric) {
        double drop = direction.drop(reference, metric);
        double slack = slack(reference, metric);
        return Double.isFinite(metric)
                && drop <= maxDrop.orElse(Double.POSITIVE_INFINITY) + slack
                && drop <= relativeDrop(reference).orElse(Double.POSITIVE_INFINITY) + slack
                && (floor.isEmpty() || holdsFloor(direction, floor.getAsDouble(), metric));
    }

    private static boolean holdsFloor(Direction direction, double floor, double metric) {
        double below = direction.drop(floor, metric);
        return below <= 0 || below <= slack(floor, metric); // an infinite floor has no slack
    }

    private static double slack(double a, double b) {
        return ROUNDING * Math.max(Math.abs(a), Math.abs(b));
    }

    /**
     * Returns the worst metric that passes.
     *
     * @param direction which way the metric improves
     * @param reference the metric to compare with
     * @return the tightest of the bounds, in the metric's unit; infinite where there is none, NaN
     *     without a reference
     */
    public double bound(Direction direction, double reference) {
        double least = margin(reference);
        if (floor.isPresent()) {
            least = Math.min(least, direction.drop(reference, floor.getAsDouble()));
        }
        // the metric that lies as far below the reference as this drop
        double sign = direction.drop(1, 0);
        return Double.isNaN(reference) ? Double.NaN : reference - sign * least;
    }

    /** Returns the largest drop that passes, whatever the floor; infinite where there is none. */
    double margin(double reference) {
        return Math.min(
                maxDrop.orElse(Double.POSITIVE_INFINITY),
                relativeDrop(reference).orElse(Double.POSITIVE_INFINITY));
    }

    private OptionalDouble relativeDrop(double reference) {
        return maxRelativeDrop.isPresent()
                ? OptionalDouble.of(maxRelativeDrop.getAsDouble() * Math.abs(reference))
                : OptionalDouble.empty();
    }

    /** Returns the same bounds on the drop, without the floor. */
    Tolerance withoutFloor() {
        return new Tolerance(maxDrop, maxRelativeDrop, OptionalDouble.empty());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        maxDrop.ifPresent(value -> text.append(" drop <= ").append(value));
        maxRelativeDrop.ifPresent(value -> text.append(" relative drop <= ").append(value));
        floor.ifPresent(value -> text.append(" floor ").append(value));
        return text.toString().strip();
    }
}
