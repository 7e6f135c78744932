package dev.bonsai.gate;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What the metrics of a state are held against: the gates and the baseline. */
final class Yardstick {

    private final List<Gate> gates;
    private final double[] baseline;

    /**
     * Constructs a yardstick.
     *
     * @param gates the gates
     * @param baseline one metric a gate
     * @throws IllegalStateException if a metric is not finite
     */
    Yardstick(List<Gate> gates, double[] baseline) {
        this.gates = gates;
        this.baseline = baseline.clone();
        for (int i = 0; i < baseline.length; ++i) {
            if (!Double.isFinite(baseline[i])) {
                throw new IllegalStateException(
                        String.format(
                                "The baseline %s is %s, so that no step can be judged. Check that"
                                        + " the evaluation data set is not empty and the model's"
                                        + " output is finite before compression begins",
                                gates.get(i).getMetric().name(), baseline[i]));
            }
        }
    }

    double[] baseline() {
        return baseline.clone();
    }

    /** Tells whether a state is within the tolerance of every gate. */
    boolean accepts(double[] metrics) {
        return everyGate(i -> accepts(i, metrics));
    }

    /** Tells whether no gate forbids that training tries to bring a state back. */
    boolean withinShock(double[] metrics) {
        return everyGate(
                i ->
                        accepts(i, metrics)
                                || drop(i, metrics)
                                        <= gates.get(i).getShock() + Tolerance.ROUNDING);
    }

    /** Tells whether a state is no worse than another by any gate; NaN is worse than anything. */
    boolean isAtLeastAsGood(double[] metrics, double[] than) {
        return everyGate(i -> direction(i).drop(than[i], metrics[i]) <= 0);
    }

    /** Returns how much worse than the baseline a state is by one gate. */
    double drop(int gate, double[] metrics) {
        return direction(gate).drop(baseline[gate], metrics[gate]);
    }

    private boolean accepts(int gate, double[] metrics) {
        return gates.get(gate)
                .getTolerance()
                .accepts(direction(gate), baseline[gate], metrics[gate]);
    }

    private Direction direction(int gate) {
        return gates.get(gate).getMetric().direction();
    }

    private boolean everyGate(IntPredicate holds) {
        return IntStream.range(0, gates.size()).allMatch(holds);
    }
}
