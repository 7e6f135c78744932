package dev.bonsai.file;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.type.Dim;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a file can hold of a graph. */
final class GraphFit {

    private GraphFit() {}

    static void check(Graph graph) {
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
