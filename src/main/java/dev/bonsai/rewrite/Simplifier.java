package dev.bonsai.rewrite;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import java.util.List;
import java.util.Map;

/**
 * Makes a graph smaller: folds constants and shape arithmetic, drops what does nothing, merges what
 * is equal, and recognises layer normalisation, GELU and the like.
 *
 * <p>Inputs and outputs keep names, types and order; the outputs keep their values up to the
 * rounding of floats. Free dimensions are taken to be at least 1. A weight that no output depends
 * on is left out. Weights keep their paths.
 *
 * <pre>{@code
 * Simplified simplified = Simplifier.simplify(graph, weights, Simplifier.Mode.TRAINING);
 * }</pre>
 */
public final class Simplifier {

    /** What the graph is for. */
    public enum Mode {
        /** Dropout and batch normalisation stay as they are. */
        TRAINING,
        /**
         * Dropout is dropped; batch normalisation becomes part of the weights of the convolution
         * before it where these are plain 32-bit floats.
         */
        INFERENCE
    }

    /** More passes than any graph has needed; a rewrite that undoes another would go on forever. */
    private static final int MOST_PASSES = 1000;

    private Simplifier() {}

    /**
     * Simplifies a graph for inference.
     *
     * @param graph the graph
     * @param weights the values of its weights by path; those that are missing stay as they are
     * @return the simplified graph with its weights
     */
    public static Simplified simplify(Graph graph, Map<String, EncodedWeight> weights) {
        return simplify(graph, weights, Mode.INFERENCE);
    }

    /**
     * Simplifies a graph.
     *
     * @param graph the graph
     * @param weights the values of its weights by path; those that are missing stay as they are
     * @param mode what the graph is for
     * @return the simplified graph with its weights
     */
    public static Simplified simplify(Graph graph, Map<String, EncodedWeight> weights, Mode mode) {
        return simplify(graph, weights, Rules.of(mode));
    }

    static Simplified simplify(Graph graph, Map<String, EncodedWeight> weights, List<Rule> rules) {
        Simplified current = DeadCode.removed(new Simplified(graph, weights));
        for (int i = 0; i < MOST_PASSES; ++i) {
            Pass pass = new Pass(current);
            if (!pass.run(rules)) {
                return current;
            }
            current = DeadCode.removed(pass.result());
        }
        throw new AssertionError("Rewrites undo one another in " + current.graph());
    }
}
