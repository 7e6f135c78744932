package dev.bonsai.trace;

import dev.bonsai.core.TargetWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph whose weights are still the parameters of the block.
 *
 * @param graph the graph, its weights in the order of the block
 * @param parameters the parameters that are weights of the graph, by path
 * @param constants the other weights of the graph, which were constants: too large to be a part of
 *     the structure
 */
record Structure(
        Graph graph, Map<String, TargetWeight> parameters, Map<String, EncodedWeight> constants) {

    /** A constant of more elements than this is no part of the structure. */
    private static final int LARGE = 1024;

    /** Makes weights of the constants of a graph that are large. */
    static Structure of(Graph traced, Map<String, TargetWeight> all) {
        List<Graph.Weight> weights = new ArrayList<>();
        Map<String, TargetWeight> parameters = new LinkedHashMap<>();
        all.forEach(
                (path, parameter) ->
                        traced.weight(path)
                                .ifPresent(
                                        weight -> {
                                            weights.add(weight);
                                            parameters.put(path, parameter);
                                        }));
        Map<String, EncodedWeight> small = new LinkedHashMap<>(traced.constants());
        Map<String, EncodedWeight> large = new LinkedHashMap<>();
        traced.constants()
                .forEach(
                        (name, constant) -> {
                            if (constant.size() > LARGE) {
                                weights.add(weight(name, constant));
                                large.put(name, small.remove(name));
                            }
                        });
        Graph graph = new Graph(traced.inputs(), weights, small, traced.nodes(), traced.outputs());
        return new Structure(graph, parameters, large);
    }

    private static Graph.Weight weight(String name, EncodedWeight constant) {
        return new Graph.Weight(name, Constants.type(constant), Shape.of(constant.shape()));
    }

    /** Returns the graph with plain copies of its weights: the border between arrays and values. */
    GraphModel copied() {
        Map<String, EncodedWeight> values = new HashMap<>(constants);
        parameters.forEach(
                (path, weight) -> values.put(path, Values.of(weight.parameter().getArray())));
        return new GraphModel(graph, values);
    }
}
