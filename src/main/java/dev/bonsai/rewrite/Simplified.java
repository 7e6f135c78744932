package dev.bonsai.rewrite;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A graph that was made smaller.
 *
 * @param graph the graph: same inputs, same names and order of the outputs
 * @param weights the values of its weights by path; those that no output depends on are left out
 */
public record Simplified(Graph graph, Map<String, EncodedWeight> weights) {

    public Simplified {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }
}
