package dev.bonsai.trace;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.graph.Graph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A block as a graph, with the values of its parameters at the time of the trace.
 *
 * @param graph the graph; its weights have the paths of {@code block.getParameters()}, a tied one
 *     the first of its paths. Parameters that a pass does not ask for are not in it
 * @param weights the values of the weights of the graph, in its order. They are plain copies
 */
public record TracedModel(Graph graph, List<NamedWeight> weights) {

    public TracedModel {
        weights = List.copyOf(weights);
    }

    /**
     * Returns the values of the weights by their paths.
     *
     * @return the values, in the order of the graph
     */
    public Map<String, EncodedWeight> values() {
        Map<String, EncodedWeight> values = new LinkedHashMap<>();
        weights.forEach(weight -> values.put(weight.path(), weight.value()));
        return values;
    }
}
