package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an ONNX file holds.
 *
 * @param graph the structure
 * @param weights the values of the graph's weights by their path, in the graph's order
 */
public record ImportedModel(Graph graph, Map<String, EncodedWeight> weights) {

    public ImportedModel {
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }
}
