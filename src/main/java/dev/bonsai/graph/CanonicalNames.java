package dev.bonsai.graph;

import dev.bonsai.encoding.EncodedWeight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names for the values of a graph that nobody has named.
 *
 * <p>The values are counted in the order of their definition, from 0: inputs, weights, constants,
 * results of nodes. The name of value 7 is {@code v7}, with as many underscores behind it as keep
 * it apart from the names that are given.
 */
public final class CanonicalNames {

    private final Set<String> given;

    /**
     * @param given the names of inputs, weights and outputs
     */
    public CanonicalNames(Collection<String> given) {
        this.given = new HashSet<>(given);
    }

    /**
     * Returns the name of a value.
     *
     * @param number its number in the order of definition
     * @return a name that no other value has
     */
    public String of(int number) {
        StringBuilder name = new StringBuilder("v").append(number);
        while (given.contains(name.toString())) {
            name.append('_');
        }
        return name.toString();
    }

    static Graph rename(Graph graph) {
        Set<String> given = new HashSet<>(graph.outputs());
        graph.inputs().forEach(input -> given.add(input.name()));
        graph.weights().forEach(weight -> given.add(weight.path()));
        CanonicalNames names = new CanonicalNames(given);
        Map<String, String> renamed = new HashMap<>();
        renamed.put(Node.ABSENT, Node.ABSENT);
        int number = 0;
        for (String value : graph.values().keySet()) {
            renamed.put(value, given.contains(value) ? value : names.of(number));
            ++number;
        }
        Map<String, EncodedWeight> constants = new LinkedHashMap<>();
        graph.constants().forEach((name, value) -> constants.put(renamed.get(name), value));
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(
                    new Node(
                            node.operator(),
                            node.inputs().stream().map(renamed::get).toList(),
                            node.outputs().stream().map(renamed::get).toList()));
        }
        return new Graph(graph.inputs(), graph.weights(), constants, nodes, graph.outputs());
    }
}
