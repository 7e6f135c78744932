package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a pattern has found.
 *
 * @param values the values by the names that the pattern gives them
 * @param numbers the numbers by the names that the pattern gives them
 * @param nodes the nodes that the pattern is made of
 */
record Match(Map<String, String> values, Map<String, Double> numbers, Set<Node> nodes) {

    static final Match NOTHING = new Match(Map.of(), Map.of(), Set.of());

    Match with(Set<Node> more) {
        Set<Node> joined = new LinkedHashSet<>(nodes);
        joined.addAll(more);
        return new Match(values, numbers, joined);
    }

    Match withValue(String name, String value) {
        return new Match(Maps.with(values, name, value), numbers, nodes);
    }

    /** This one and a number, unless it has another one of the name. */
    Optional<Match> withNumber(String name, double number) {
        return numbers.getOrDefault(name, number) == number
                ? Optional.of(new Match(values, Maps.with(numbers, name, number), nodes))
                : Optional.empty();
    }

    String value(String name) {
        return values.get(name);
    }

    double number(String name) {
        return numbers.get(name);
    }
}
