package dev.bonsai.activation;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.type.Constants;
import java.util.Optional;

/**
 * A table whose rows a Gather picks.
 *
 * @param node the Gather
 * @param path the path of the table
 */
public record EmbeddingTable(Node node, String path) {

    /**
     * Looks at a node.
     *
     * @param node a node of the model
     * @param model the graph with its weights
     * @return the table, or empty if the node picks no rows of a matrix of weights
     */
    public static Optional<EmbeddingTable> of(Node node, GraphModel model) {
        if (!(node.operator() instanceof Gather gather) || gather.axis() != 0) {
            return Optional.empty();
        }
        String path = node.inputs().get(0);
        EncodedWeight value = model.weights().get(path);
        return value != null
                        && value.shape().length == 2
                        && Constants.type(value) == ElementType.FLOAT32
                ? Optional.of(new EmbeddingTable(node, path))
                : Optional.empty();
    }

    /**
     * Returns which rows are picked.
     *
     * @return the name of the value
     */
    public String indices() {
        return node.inputs().get(1);
    }
}
