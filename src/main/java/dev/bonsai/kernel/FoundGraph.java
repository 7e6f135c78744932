package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import dev.bonsai.core.Tensors;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.trace.Tracer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A compressed model with the graph of its block, where one can be made.
 *
 * @param model the model, with the graph or without
 * @param notes why there is none
 */
record FoundGraph(BonsaiModel model, List<String> notes) {

    /** Finds the graph of what a run has come to, if anybody asked for that. */
    static FoundGraph of(RunEnd end, EncodedWeights weights) {
        List<int[]> shapes =
                Arrays.stream(end.root().getInputShapes()).map(Tensors::dimensions).toList();
        BonsaiModel plain = new BonsaiModel(weights.all(), shapes);
        return end.settings().graph()
                ? of(end.root(), plain, end.inputs())
                : new FoundGraph(plain, List.of());
    }

    /**
     * Traces a block.
     *
     * @param root the user's block; what its weights are at this time does not matter
     * @param model its weights
     * @param inputs an input of the training
     */
    private static FoundGraph of(Block root, BonsaiModel model, NDList inputs) {
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
