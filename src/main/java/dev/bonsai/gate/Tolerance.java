package dev.bonsai.gate;

import java.util.OptionalDouble;

/**
 * What a compression step may cost. Every bound that is present must hold.
 *
 * @param maxDrop how much worse than the baseline the metric may be, in the metric's unit
 * @param maxRelativeDrop how much worse than the baseline, as a fraction of the baseline
 * @param floor the worst metric that is acceptable at all: the lowest accuracy, the highest loss
 */
public record Tolerance(
        OptionalDouble maxDrop, OptionalDouble maxRelativeDrop, OptionalDouble floor) {

    /** Metrics are 32-bit floats: a difference below this is their rounding. */
    static final double ROUNDING = 1e-6;

    /**
     * Decides on a metric.
     *
     * @param direction which way the metric improves
     * @param baseline the metric of the model before anything was changed
     * @param metric the metric to judge
     * @return whether every bound holds; a metric exactly at a bound passes, NaN never does
     */
    public boolean accepts(Direction direction, double baseline, double metric) {
        double drop = direction.drop(baseline, metric);
        return !Double.isNaN(drop)
                && holds(maxDrop, drop)
                && (maxRelativeDrop.isEmpty()
                        || drop <= maxRelativeDrop.getAsDouble() * Math.abs(baseline) + ROUNDING)
                && (floor.isEmpty() || direction.drop(floor.getAsDouble(), metric) <= ROUNDING);
    }

    private static boolean holds(OptionalDouble bound, double drop) {
        return bound.isEmpty() || drop <= bound.getAsDouble() + ROUNDING;
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
