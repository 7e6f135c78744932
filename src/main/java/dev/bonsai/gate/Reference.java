package dev.bonsai.gate;

import dev.bonsai.statistics.Comparison;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What the metrics of a state are judged against: the gates, and for each of them the best metric
 * that an accepted state of the model has had.
 *
 * @param gates the gates
 * @param best the best measurement of each gate
 */
record Reference(List<Gate> gates, Metrics best) {

    /**
     * Returns the reference before any step: the model as it is.
     *
     * @param gates the gates
     * @param baseline one metric per gate
     * @throws IllegalStateException if a metric is not finite
     */
    static Reference of(List<Gate> gates, Metrics baseline) {
        for (int i = 0; i < gates.size(); ++i) {
            if (!Double.isFinite(baseline.value(i))) {
                MonitoredMetric metric = gates.get(i).getMetric();
                throw new IllegalStateException(
                        String.format(
                                Locale.ROOT,
                                "The baseline %s is %s, so that no step can be judged%s. Check that"
                                        + " the evaluation data set is not empty and the model's"
                                        + " output is finite before compression begins",
                                metric.name(),
                                baseline.value(i),
                                metric.notes().stream()
                                        .reduce("", (text, note) -> text + ": " + note)));
            }
        }
        return new Reference(gates, baseline);
    }

    /** Returns the reference once a state has been accepted: by each gate the better of the two. */
    Reference follow(Metrics accepted) {
        List<Measurement> better = new ArrayList<>();
        for (int i = 0; i < gates.size(); ++i) {
            better.add(valueDrop(i, accepted) < 0 ? accepted.gate(i) : best.gate(i));
        }
        return new Reference(gates, new Metrics(better));
    }

    double[] metrics() {
        return best.values();
    }

    /** Returns the metrics by their names: the first of those of one name. */
    Map<String, Double> byName() {
        Map<String, Double> references = new LinkedHashMap<>();
        for (int i = 0; i < gates.size(); ++i) {
            references.putIfAbsent(gates.get(i).getMetric().name(), best.value(i));
        }
        return references;
    }

    /** Tells whether the metrics of a state are within the tolerance of every gate. */
    boolean accepts(Metrics state) {
        return everyGate(i -> accepts(gates.get(i).getTolerance(), i, state));
    }

    /** Tells whether no gate forbids that training tries to bring a state back. */
    boolean withinShock(Metrics state) {
        return everyGate(
                i ->
                        accepts(gates.get(i).getTolerance(), i, state)
                                || accepts(gates.get(i).getShock(), i, state));
    }

    /** Tells whether a state has been left behind: a gate would refuse it now for its drop. */
    boolean hasOutgrown(int gate, Metrics state) {
        return !accepts(gates.get(gate).getTolerance().withoutFloor(), gate, state);
    }

    /** Tells whether a state is finite and, by every gate, no worse than another. */
    static boolean isAtLeastAsGood(List<Gate> gates, Metrics state, Metrics than) {
        return IntStream.range(0, gates.size())
                .allMatch(
                        i ->
                                Double.isFinite(state.value(i))
                                        && direction(gates, i).drop(than.value(i), state.value(i))
                                                <= 0);
    }

    /** Compares a state with the reference by one gate, where the pairs are known. */
    Optional<Comparison> compare(int gate, Metrics state) {
        return best.gate(gate).compare(state.gate(gate), direction(gates, gate));
    }

    /**
     * Returns how much worse than the reference a state is by one gate: on the samples that both
     * have looked at, where they are known.
     */
    double drop(int gate, Metrics state) {
        boolean onPart = state.gate(gate).outcomes().size() != best.gate(gate).outcomes().size();
        Optional<Comparison> pairs = onPart ? compare(gate, state) : Optional.empty();
        return pairs.map(Comparison::drop).orElseGet(() -> valueDrop(gate, state));
    }

    /** Returns the standard error of the drop; NaN where it is not known. */
    double standardError(int gate, Metrics state) {
        return compare(gate, state).map(Comparison::standardError).orElse(Double.NaN);
    }

    private double valueDrop(int gate, Metrics state) {
        return direction(gates, gate).drop(best.value(gate), state.value(gate));
    }

    private boolean accepts(Tolerance bounds, int gate, Metrics state) {
        return bounds.accepts(direction(gates, gate), best.value(gate), state.value(gate));
    }

    private static Direction direction(List<Gate> gates, int gate) {
        return gates.get(gate).getMetric().direction();
    }

    private boolean everyGate(IntPredicate holds) {
        return IntStream.range(0, gates.size()).allMatch(holds);
    }
}
