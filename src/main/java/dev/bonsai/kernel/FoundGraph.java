package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.trace.Tracer;
import java.util.List;
import java.util.Optional;

/**
 * A compressed model with the graph of its block, where one can be made.
 *
 * @param model the model, with the graph or without
 * @param notes why there is none
 */
record FoundGraph(BonsaiModel model, List<String> notes) {

    /** Nobody asked for the graph, so that nothing is to be said of it. */
    static FoundGraph leftOut(BonsaiModel model) {
        return new FoundGraph(model, List.of());
    }

    /**
     * Traces a block.
     *
     * @param root the user's block; what its weights are at this time does not matter
     * @param model its weights
     * @param inputs an input of the training
     */
    static FoundGraph of(Block root, BonsaiModel model, NDList inputs) {
        try {
            return new FoundGraph(
                    model.withGraph(Optional.of(Tracer.graph(root, inputs))), List.of());
        } catch (RuntimeException | Error e) { // of the tracer, the engine, or the block
            String note =
                    "the file has no graph, and needs the Java code of the network: "
                            + (e.getMessage() == null ? e : e.getMessage());
            return new FoundGraph(model, List.of(note));
        }
    }
}
