package dev.bonsai.onnx;

import dev.bonsai.graph.Node;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The values that a file still needs as they are, once products take their weights as codes. */
record NeededValues(Set<String> names) {

    /**
     * Finds them.
     *
     * @param nodes the nodes in their order
     * @param read the operands that a node still reads as they are
     */
    static NeededValues of(
            List<String> outputs, List<Node> nodes, Function<Node, List<String>> read) {
        Set<String> names = new HashSet<>(outputs);
        for (int i = nodes.size() - 1; i >= 0; --i) {
            if (!Collections.disjoint(nodes.get(i).outputs(), names)) {
                names.addAll(read.apply(nodes.get(i)));
            }
        }
        return new NeededValues(names);
    }

    boolean contains(String name) {
        return names.contains(name);
    }
}
