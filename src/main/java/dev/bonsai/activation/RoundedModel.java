package dev.bonsai.activation;

import dev.bonsai.encoding.ActivationGrid;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Constants;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model in which the rounding of activations is written out in operators of floats: what a file
 * in integers computes, for any consumer of a graph.
 */
public final class RoundedModel {

    private final Map<String, ActivationGrid> grids;
    private final Map<String, EncodedWeight> constants;
    private final Map<String, String> renamed = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private RoundedModel(Graph graph, Map<String, ActivationGrid> grids) {
        this.grids = grids;
        constants = new LinkedHashMap<>(graph.constants());
    }

    /**
     * Writes out the rounding.
     *
     * @param model the graph with its weights
     * @param grids the grid per value that is rounded
     * @return the same, with four operators behind each of them
     */
    public static GraphModel of(GraphModel model, Map<String, ActivationGrid> grids) {
        Graph graph = model.graph();
        RoundedModel rounded = new RoundedModel(graph, grids);
        for (Input input : graph.inputs()) {
            if (grids.containsKey(input.name())) {
                String name = input.name() + ".rounded";
                rounded.round(input.name(), input.name(), name);
                rounded.renamed.put(input.name(), name);
            }
        }
        graph.nodes().forEach(rounded::add);
        return new GraphModel(
                new Graph(
                        graph.inputs(),
                        graph.weights(),
                        rounded.constants,
                        rounded.nodes,
                        graph.outputs()),
                model.weights());
    }

    private void add(Node node) {
        List<String> operands =
                node.inputs().stream().map(name -> renamed.getOrDefault(name, name)).toList();
        List<String> results =
                node.outputs().stream()
                        .map(name -> grids.containsKey(name) ? name + ".exact" : name)
                        .toList();
        nodes.add(new Node(node.operator(), operands, results));
        for (String name : node.outputs()) {
            if (grids.containsKey(name)) {
                round(name, name + ".exact", name);
            }
        }
    }

    private void round(String value, String exact, String result) {
        ActivationGrid grid = grids.get(value);
        String scale = constant(value + ".scale", grid.scale());
        String least = constant(value + ".least", -grid.zeroPoint());
        String most = constant(value + ".most", grid.highestCode() - grid.zeroPoint());
        String steps = step(Binary.DIV, value + ".steps", exact, scale);
        String clipped = step(Plain.CLIP, value + ".clipped", steps, least, most);
        String whole = step(Unary.ROUND, value + ".whole", clipped);
        step(Binary.MUL, result, whole, scale);
    }

    private String constant(String name, float number) {
        constants.put(name, Constants.scalar(number));
        return name;
    }

    private String step(Operator operator, String result, String... operands) {
        nodes.add(Node.of(operator, result, operands));
        return result;
    }
}
