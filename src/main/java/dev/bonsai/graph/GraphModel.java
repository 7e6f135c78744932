package dev.bonsai.graph;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A graph with the values of its weights: what a trace, an ONNX file or a {@code .bonsai} file
 * gives, and what can be run, simplified and exported. That the values fit is checked here, once.
 *
 * @param graph the graph
 * @param weights a value per weight of the graph by its path, in the order of the graph; others are
 *     left out. It can't be changed
 */
public record GraphModel(Graph graph, Map<String, EncodedWeight> weights) {

    /**
     * @throws GraphException if a weight has no value, or one of another type or shape
     */
    public GraphModel {
        Map<String, EncodedWeight> values = new LinkedHashMap<>();
        for (Graph.Weight weight : graph.weights()) {
            values.put(weight.path(), fitting(weight, weights));
        }
        weights = Collections.unmodifiableMap(values);
    }

    private static EncodedWeight fitting(
            Graph.Weight weight, Map<String, ? extends EncodedWeight> weights) {
        EncodedWeight value = weights.get(weight.path());
        if (value == null) {
            throw new GraphException(
                    "The graph has the weight "
                            + weight
                            + ", but there is no value of that path, only of "
                            + weights.keySet()
                            + ": give graph and weights of one model");
        }
        Shape shape = Shape.of(value.shape());
        if (!shape.equals(weight.shape()) || Constants.type(value) != weight.type()) {
            throw new GraphException(
                    "The graph has the weight "
                            + weight
                            + ", but the value of that path is "
                            + ValueInfo.of(Constants.type(value), shape)
                            + ": give graph and weights of one model");
        }
        return value;
    }
}
