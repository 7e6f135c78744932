package dev.bonsai.rewrite;

import dev.bonsai.graph.GraphModel;
import java.util.List;

/**
 * Makes a graph smaller: folds constants and shape arithmetic, drops what does nothing, merges what
 * is equal, and recognises layer normalisation, GELU and the like.
 *
 * <p>Inputs and outputs keep names, types and order; the outputs keep their values up to the
 * rounding of floats. Free dimensions are taken to be at least 1. A weight that no output depends
 * on is left out. Weights keep their paths.
 *
 * <pre>{@code
 * GraphModel simplified = Simplifier.simplify(traced, Simplifier.Mode.TRAINING);
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
     * @param model the graph with its weights
     * @return the simplified graph, with the weights that it still has
     */
    public static GraphModel simplify(GraphModel model) {
        return simplify(model, Mode.INFERENCE);
    }

    /**
     * Simplifies a graph.
     *
     * @param model the graph with its weights
     * @param mode what the graph is for
     * @return the simplified graph, with the weights that it still has
     */
    public static GraphModel simplify(GraphModel model, Mode mode) {
        return simplify(model, Rules.of(mode));
    }

    static GraphModel simplify(GraphModel model, List<Rule> rules) {
        GraphModel current = DeadCode.removed(model);
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
