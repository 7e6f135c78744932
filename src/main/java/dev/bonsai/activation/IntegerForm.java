package dev.bonsai.activation;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.rewrite.Simplifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A network as it is trained with rounded activations, and the values that are rounded in it: those
 * that the file in integers has on grids.
 *
 * <p>Training keeps dropout and batch normalisation; in the file there is none, as it is part of
 * the convolution before. Both have names in common for all that is rounded.
 *
 * @param graph what is trained: the traced graph, simplified, with canonical names
 * @param plan which of its values are rounded
 */
public record IntegerForm(Graph graph, ActivationPlan plan) {

    /**
     * Makes the form of a traced block.
     *
     * @param traced the graph of the block; its names are of no importance
     * @param floats the paths of weights whose products stay in floats
     * @return the form; its plan is empty where nothing can be computed in integers
     */
    public static IntegerForm of(Graph traced, Set<String> floats) {
        GraphModel training = training(new GraphModel(traced, zeros(traced)));
        ActivationPlan plan =
                ActivationPlan.of(inference(training), t -> floats.contains(t.weight()));
        return new IntegerForm(training.graph(), plan);
    }

    /**
     * Returns the weights whose products or rows could be in integers, but are not to be.
     *
     * @param traced the graph of the block
     * @param selected the paths of the weights of which they are
     * @return the paths of the others
     */
    public static Set<String> floats(Graph traced, Set<String> selected) {
        Set<String> floats = coded(inference(training(new GraphModel(traced, zeros(traced)))));
        floats.removeAll(selected);
        return floats;
    }

    /**
     * Returns the weights that a file in integers holds as codes, unless they are to stay floats.
     *
     * @param model the graph with its weights, simplified for inference
     * @return the paths of the weights of products, and of tables
     */
    public static Set<String> coded(GraphModel model) {
        Set<String> coded = new TreeSet<>();
        ActivationPlan.of(model, target -> false)
                .products()
                .forEach(product -> coded.add(product.weight()));
        for (Node node : model.graph().nodes()) {
            EmbeddingTable.of(node, model).ifPresent(table -> coded.add(table.path()));
        }
        return coded;
    }

    /**
     * Returns a model as it is trained with rounded activations.
     *
     * @param model the graph with its weights
     * @return the same, simplified, with canonical names
     */
    public static GraphModel training(GraphModel model) {
        GraphModel canonical = new GraphModel(model.graph().canonical(), model.weights());
        return Simplifier.simplify(canonical, Simplifier.Mode.TRAINING);
    }

    /**
     * Returns a model as a file in integers has it: simplified for inference, with batch
     * normalisation in the weights before it, also in those on a grid.
     *
     * @param model the graph with its weights
     * @return the simplified graph, with the weights that it still has
     */
    public static GraphModel inference(GraphModel model) {
        return GridNormalization.fold(Simplifier.simplify(model));
    }

    /** The plan goes by no value of a weight. */
    private static Map<String, EncodedWeight> zeros(Graph graph) {
        Map<String, EncodedWeight> zeros = new LinkedHashMap<>();
        graph.weights().forEach(weight -> zeros.put(weight.path(), zeros(weight)));
        return zeros;
    }

    private static EncodedWeight zeros(Weight weight) {
        int[] shape = weight.shape().sizes();
        int size = 1;
        for (int dim : shape) {
            size = Math.multiplyExact(size, dim);
        }
        return weight.type() == ElementType.FLOAT32
                ? new DenseWeight(shape, new float[size])
                : new ExactWeight(
                        shape,
                        weight.type(),
                        new byte[Math.multiplyExact(size, weight.type().bytes())]);
    }
}
