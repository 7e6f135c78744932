package dev.bonsai.rewrite;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Node;
import java.util.List;
import java.util.Map;

/**
 * What takes the place of a node.
 *
 * @param nodes nodes, which define the results that the others leave
 * @param names by the name of a result, that of the value which equals it
 * @param constants new constants by name
 * @param weights new values of weights by path
 */
record Replacement(
        List<Node> nodes,
        Map<String, String> names,
        Map<String, EncodedWeight> constants,
        Map<String, EncodedWeight> weights) {

    /** The result equals a value that is there. */
    static Replacement by(Node node, String name) {
        return new Replacement(List.of(), Map.of(node.output(), name), Map.of(), Map.of());
    }

    /** The result is a constant. */
    static Replacement by(Node node, EncodedWeight constant) {
        return new Replacement(List.of(), Map.of(), Map.of(node.output(), constant), Map.of());
    }

    /** Other nodes have the results. */
    static Replacement by(Node... nodes) {
        return new Replacement(List.of(nodes), Map.of(), Map.of(), Map.of());
    }

    /** This one and a new constant. */
    Replacement withConstant(String name, EncodedWeight value) {
        return new Replacement(nodes, names, Maps.with(constants, name, value), weights);
    }

    /** This one and a new value of a weight. */
    Replacement withWeight(String path, EncodedWeight value) {
        return new Replacement(nodes, names, constants, Maps.with(weights, path, value));
    }
}
