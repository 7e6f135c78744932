package dev.bonsai.onnx;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The weights that a file still needs as floats. */
record FloatWeights(Set<String> names) {

    /**
     * Finds them.
     *
     * @param read the operands that a node still reads as they are
     */
    static FloatWeights of(Graph graph, Function<Node, List<String>> read) {
        Set<String> names = new HashSet<>(graph.outputs());
        graph.nodes().forEach(node -> names.addAll(read.apply(node)));
        return new FloatWeights(names);
    }

    boolean contains(String name) {
        return names.contains(name);
    }
}
