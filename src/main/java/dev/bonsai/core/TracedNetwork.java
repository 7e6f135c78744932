package dev.bonsai.core;

import dev.bonsai.graph.Graph;
import dev.bonsai.graph.type.Shape;
import java.util.List;

/**
 * What the model computes with its weights, as a technique sees it.
 *
 * @param graph the graph of the user's block; its weights have the paths of {@link TargetWeight}
 * @param inputs the shape of one sample per input: that of the training with 1 in place of a free
 *     batch size
 */
public record TracedNetwork(Graph graph, List<Shape> inputs) {

    /** Copies the list. */
    public TracedNetwork {
        inputs = List.copyOf(inputs);
    }
}
