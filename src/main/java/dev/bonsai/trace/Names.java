package dev.bonsai.trace;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Split;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Leaves out what no output depends on, and numbers the results of each operator from 1, and the
 * outputs; one output is called {@code output}.
 */
final class Names {

    private static final String OUTPUT = "output";

    private final Graph graph;
    private final Set<String> used = new HashSet<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    private Names(Graph graph) {
        this.graph = graph;
    }

    static Graph tidy(Graph graph) {
        return new Names(graph).tidied();
    }

    private Graph tidied() {
        used.addAll(graph.outputs());
        Deque<Node> kept = new ArrayDeque<>();
        for (int i = graph.nodes().size() - 1; i >= 0; --i) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().anyMatch(used::contains)) {
                used.addAll(node.inputs());
                kept.push(node);
            }
        }
        graph.inputs().forEach(input -> keep(input.name()));
        List<Graph.Weight> weights =
                graph.weights().stream().filter(weight -> used.contains(weight.path())).toList();
        weights.forEach(weight -> keep(weight.path()));
        Map<String, EncodedWeight> constants = new LinkedHashMap<>();
        graph.constants()
                .forEach(
                        (name, value) -> {
                            if (used.contains(name)) {
                                constants.put(fresh(name, "constant"), value);
                            }
                        });
        List<Node> nodes = kept.stream().map(this::renamed).toList();
        List<String> outputs = graph.outputs().stream().map(names::get).toList();
        return new Graph(graph.inputs(), weights, constants, nodes, outputs);
    }

    private void keep(String name) {
        taken.add(name);
        names.put(name, name);
    }

    private String fresh(String name, String stem) {
        String fresh;
        do {
            fresh = stem + counts.merge(stem, 1, Integer::sum);
        } while (!taken.add(fresh));
        names.put(name, fresh);
        return fresh;
    }

    private String result(String name, String stem) {
        if (!graph.outputs().contains(name)) {
            return fresh(name, stem);
        }
        if (graph.outputs().size() == 1 && taken.add(OUTPUT)) {
            names.put(name, OUTPUT);
            return OUTPUT;
        }
        return fresh(name, OUTPUT);
    }

    private Node renamed(Node node) {
        List<String> operands =
                node.inputs().stream().map(name -> names.getOrDefault(name, name)).toList();
        String stem = node.operator().onnxName().toLowerCase(Locale.ROOT);
        boolean counted = node.operator() instanceof Split; // into as many as there are results
        List<String> results =
                node.outputs().stream()
                        .map(
                                name ->
                                        counted || used.contains(name)
                                                ? result(name, stem)
                                                : Node.ABSENT)
                        .toList();
        return new Node(node.operator(), operands, results);
    }
}
