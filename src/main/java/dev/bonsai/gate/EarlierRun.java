package dev.bonsai.gate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How far an earlier training has taken a model, for a later one to go on from.
 *
 * @param references the best metric that the model has had, by the name of the metric
 * @param levels the accepted level of each technique, by its name
 */
public record EarlierRun(Map<String, Double> references, Map<String, Double> levels) {

    /** That of a model without an earlier training. */
    public static final EarlierRun NONE = new EarlierRun(Map.of(), Map.of());

    /** Copies the maps. */
    public EarlierRun {
        references = Collections.unmodifiableMap(new LinkedHashMap<>(references));
        levels = Collections.unmodifiableMap(new LinkedHashMap<>(levels));
    }

    /** Returns the references of some gates: of each by its metric's name, or none. */
    Metrics references(List<Gate> gates) {
        return new Metrics(
                gates.stream()
                        .map(gate -> references.get(gate.getMetric().name()))
                        .map(value -> value == null ? Measurement.NONE : Measurement.of(value))
                        .toList());
    }

    /**
     * Returns the level that a technique is tried at first.
     *
     * @return its earlier level; empty if there is none, or if the technique doesn't go that far
     */
    OptionalDouble level(JudgedTechnique technique) {
        Double level = levels.get(technique.name());
        if (level == null) {
            return OptionalDouble.empty();
        }
        double start = technique.levels().start();
        double target = technique.levels().target();
        boolean between =
                level != start
                        && level >= Math.min(start, target)
                        && level <= Math.max(start, target);
        return between ? OptionalDouble.of(level) : OptionalDouble.empty();
    }
}
