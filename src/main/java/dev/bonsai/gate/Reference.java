package dev.bonsai.gate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What the metrics of a state are judged against: the gates, and for each of them the best metric
 * that an accepted state of the model has had.
 */
final class Reference {

    private final List<Gate> gates;
    private final double[] metrics;

    private Reference(List<Gate> gates, double[] metrics) {
        this.gates = gates;
        this.metrics = metrics;
    }

    /**
     * Returns the reference before any step: the model as it is.
     *
     * @param gates the gates
     * @param baseline one metric per gate
     * @throws IllegalStateException if a metric is not finite
     */
    static Reference of(List<Gate> gates, double[] baseline) {
        for (int i = 0; i < baseline.length; ++i) {
            if (!Double.isFinite(baseline[i])) {
                MonitoredMetric metric = gates.get(i).getMetric();
                throw new IllegalStateException(
                        String.format(
                                Locale.ROOT,
                                "The baseline %s is %s, so that no step can be judged%s. Check that"
                                        + " the evaluation data set is not empty and the model's"
                                        + " output is finite before compression begins",
                                metric.name(),
                                baseline[i],
                                metric.notes().stream()
                                        .reduce("", (text, note) -> text + ": " + note)));
            }
        }
        return new Reference(gates, baseline.clone());
    }

    /** Returns the reference once a state has been accepted: by each gate the better of the two. */
    Reference follow(double[] accepted) {
        double[] best =
                IntStream.range(0, metrics.length)
                        .mapToDouble(i -> drop(i, accepted) < 0 ? accepted[i] : metrics[i])
                        .toArray();
        return new Reference(gates, best);
    }

    double[] metrics() {
        return metrics.clone();
    }

    /** Returns the metrics by their names: the first of those of one name. */
    Map<String, Double> byName() {
        Map<String, Double> references = new LinkedHashMap<>();
        for (int i = 0; i < metrics.length; ++i) {
            references.putIfAbsent(gates.get(i).getMetric().name(), metrics[i]);
        }
        return references;
    }

    /** Tells whether a state is within the tolerance of every gate. */
    boolean accepts(double[] state) {
        return everyGate(i -> accepts(gates.get(i).getTolerance(), i, state));
    }

    /** Tells whether no gate forbids that training tries to bring a state back. */
    boolean withinShock(double[] state) {
        return everyGate(
                i ->
                        accepts(gates.get(i).getTolerance(), i, state)
                                || accepts(gates.get(i).getShock(), i, state));
    }

    /** Tells whether a state has been left behind: a gate would refuse it now for its drop. */
    boolean hasOutgrown(int gate, double[] state) {
        return !accepts(gates.get(gate).getTolerance().withoutFloor(), gate, state);
    }

    /** Tells whether a state is finite and, by every gate, no worse than another. */
    static boolean isAtLeastAsGood(List<Gate> gates, double[] state, double[] than) {
        return IntStream.range(0, gates.size())
                .allMatch(
                        i ->
                                Double.isFinite(state[i])
                                        && direction(gates, i).drop(than[i], state[i]) <= 0);
    }

    /** Returns how much worse than the reference a state is by one gate. */
    double drop(int gate, double[] state) {
        return direction(gates, gate).drop(metrics[gate], state[gate]);
    }

    private boolean accepts(Tolerance bounds, int gate, double[] state) {
        return bounds.accepts(direction(gates, gate), metrics[gate], state[gate]);
    }

    private static Direction direction(List<Gate> gates, int gate) {
        return gates.get(gate).getMetric().direction();
    }

    private boolean everyGate(IntPredicate holds) {
        return IntStream.range(0, gates.size()).allMatch(holds);
    }
}
