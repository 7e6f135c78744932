package dev.bonsai.rewrite;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Leaves out the nodes, constants and weights that no output depends on. */
final class DeadCode {

    private DeadCode() {}

    static GraphModel removed(GraphModel from) {
        Graph graph = from.graph();
        Set<String> used = new HashSet<>(graph.outputs());
        List<Node> nodes = new ArrayList<>();
        for (int i = graph.nodes().size() - 1; i >= 0; --i) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().anyMatch(used::contains)) {
                nodes.add(node);
                used.addAll(node.inputs());
            }
        }
        Collections.reverse(nodes);
        List<Weight> weights =
                graph.weights().stream().filter(weight -> used.contains(weight.path())).toList();
        Map<String, EncodedWeight> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().retainAll(used);
        return new GraphModel(
                new Graph(graph.inputs(), weights, constants, nodes, graph.outputs()),
                from.weights());
    }
}
