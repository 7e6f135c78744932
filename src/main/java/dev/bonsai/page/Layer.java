package dev.bonsai.page;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import dev.bonsai.thinning.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One operator of the graph.
 *
 * @param operator its name in ONNX
 * @param shape the shape of its result for one sample
 * @param multiplyAdds the multiplications with an addition that one sample takes
 * @param weights the paths of the weights that it takes
 */
record Layer(String operator, String shape, long multiplyAdds, List<String> weights) {

    /** Lists the operators of a graph in the order in which they are computed. */
    static List<Layer> of(Graph graph) {
        Map<String, ValueInfo> values = values(graph);
        List<Layer> layers = new ArrayList<>();
        for (Node node : graph.nodes()) {
            layers.add(
                    new Layer(
                            node.operator().onnxName(),
                            shape(node, values),
                            multiplyAdds(node, values),
                            node.inputs().stream()
                                    .filter(name -> graph.weight(name).isPresent())
                                    .toList()));
        }
        return layers;
    }

    /** The shape of the first result that is used. */
    private static String shape(Node node, Map<String, ValueInfo> values) {
        return node.outputs().stream()
                .filter(name -> !name.equals(Node.ABSENT))
                .findFirst()
                .flatMap(name -> values.get(name).shape())
                .map(Shape::toString)
                .orElse("?");
    }

    private static long multiplyAdds(Node node, Map<String, ValueInfo> values) {
        try {
            return Cost.ofNode(node, values);
        } catch (GraphException e) {
            return 0; // of sizes that are not known before they are computed
        }
    }

    /** With one sample, if the graph takes one. */
    private static Map<String, ValueInfo> values(Graph graph) {
        List<Shape> one = new ArrayList<>();
        for (Graph.Input input : graph.inputs()) {
            one.add(
                    new Shape(
                            input.shape().dims().stream()
                                    .map(dim -> dim.isFixed() ? dim : Dim.of(1))
                                    .toList()));
        }
        try {
            return graph.values(one);
        } catch (GraphException e) {
            return graph.values();
        }
    }
}
