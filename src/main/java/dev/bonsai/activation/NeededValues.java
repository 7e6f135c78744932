package dev.bonsai.activation;

import dev.bonsai.graph.Node;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The values that a file still needs as they are, once products take their weights as codes.
 *
 * @param names their names
 */
public record NeededValues(Set<String> names) {

    /**
     * Finds them.
     *
     * @param outputs the outputs of the graph
     * @param nodes the nodes in their order
     * @param read the operands that a node still reads as they are
     * @return the values
     */
    public static NeededValues of(
            List<String> outputs, List<Node> nodes, Function<Node, List<String>> read) {
        Set<String> names = new HashSet<>(outputs);
        for (int i = nodes.size() - 1; i >= 0; --i) {
            if (!Collections.disjoint(nodes.get(i).outputs(), names)) {
                names.addAll(read.apply(nodes.get(i)));
            }
        }
        return new NeededValues(names);
    }

    /**
     * Tells whether a value is one of them.
     *
     * @param name its name
     * @return whether it is needed
     */
    public boolean contains(String name) {
        return names.contains(name);
    }
}
