package dev.bonsai.file;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a graph needs to stand in a file beside weights. */
final class GraphFit {

    private GraphFit() {}

    /** Checks that the weights of a graph are among those of a file, and what a file can hold. */
    static void check(Graph graph, List<NamedWeight> weights) {
        Map<String, EncodedWeight> values = new HashMap<>();
        weights.forEach(weight -> values.put(weight.path(), weight.value()));
        for (Graph.Weight weight : graph.weights()) {
            EncodedWeight value = values.get(weight.path());
            if (value == null) {
                throw new IllegalArgumentException(
                        "The graph has the weight '"
                                + weight.path()
                                + "', but the model has no parameter of that path: give the graph"
                                + " of this model");
            }
            if (!Shape.of(value.shape()).equals(weight.shape())
                    || Constants.type(value) != weight.type()) {
                throw new IllegalArgumentException(
                        "The graph has the weight "
                                + weight
                                + ", but the parameter of that path is "
                                + Constants.type(value)
                                + Shape.of(value.shape())
                                + ": give the graph of this model");
            }
        }
        graph.inputs().forEach(GraphFit::checkInput);
        graph.outputs().forEach(GraphFit::checkName);
    }

    private static void checkInput(Graph.Input input) {
        checkName(input.name());
        for (Dim dim : input.shape().dims()) {
            dim.symbols().forEach(GraphFit::checkName);
            if (dim.isFixed() && dim.size() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "A dimension of an input is at most "
                                + Integer.MAX_VALUE
                                + " in a file, but got "
                                + input);
            }
        }
    }

    private static void checkName(String name) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw new IllegalArgumentException(
                    "A name in a graph is valid Unicode, but '"
                            + name
                            + "' has half a surrogate pair: rename it");
        }
    }

    /** The shapes of the inputs of a graph. */
    static List<int[]> inputShapes(Graph graph) {
        return graph.inputs().stream()
                .map(
                        input ->
                                input.shape().dims().stream()
                                        .mapToInt(
                                                dim ->
                                                        dim.isFixed()
                                                                ? (int) dim.size()
                                                                : BonsaiModel.FREE)
                                        .toArray())
                .toList();
    }
}
