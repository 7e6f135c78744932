package dev.bonsai.examples.network;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.rewrite.Simplifier;
import dev.bonsai.trace.Tracer;
import java.util.List;

/** Has each batch norm of a trained block become part of the convolution before it. */
public final class FoldedNorms {

    private FoldedNorms() {}

    /**
     * Fills a block without batch norms, so that it computes what one with them does.
     *
     * @param trained the block with batch norms
     * @param plain the same block without; it is initialised here
     * @param manager what its parameters are attached to
     * @param input the shape of an input
     * @throws IllegalArgumentException if the blocks differ in more than batch norms
     */
    public static void copy(Block trained, Block plain, NDManager manager, Shape input) {
        plain.initialize(manager, DataType.FLOAT32, input);
        try (NDManager scratch = manager.newSubManager()) {
            GraphModel folded =
                    Simplifier.simplify(Tracer.trace(trained, new NDList(scratch.ones(input))));
            List<Parameter> parameters = plain.getParameters().values();
            List<EncodedWeight> values = List.copyOf(folded.weights().values());
            if (!shapes(values).equals(parameters.stream().map(Parameter::getShape).toList())) {
                throw new IllegalArgumentException(
                        "Without its batch norms the trained block has weights of "
                                + shapes(values)
                                + ", and not those of "
                                + parameters);
            }
            for (int i = 0; i < values.size(); ++i) {
                Tensors.overwrite(
                        parameters.get(i).getArray(), Tensors.decoded(scratch, values.get(i)));
            }
        }
    }

    private static List<Shape> shapes(List<EncodedWeight> values) {
        return values.stream().map(value -> Tensors.shape(value.shape())).toList();
    }
}
