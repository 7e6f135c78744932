package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.ParameterStore;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.core.FixedParameterStore;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.type.GraphException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Compares a graph with the block that it was traced from. */
final class Agreement implements AutoCloseable {

    /** The largest difference that is allowed, as a part of the largest element of an output. */
    private static final double TOLERANCE = 1e-4;

    private final GraphBlock block;
    private final NDManager manager;
    private final Map<String, NDArray> weights = new HashMap<>();

    /**
     * @param structure what was traced; the graph computes with the very arrays of the block
     * @param parent the parent of the owner of what this makes
     */
    Agreement(Structure structure, NDManager parent) {
        manager = parent.newSubManager();
        block = new GraphBlock(structure.graph());
        structure.parameters().forEach((path, w) -> weights.put(path, w.parameter().getArray()));
        structure.constants().forEach((name, value) -> weights.put(name, array(value)));
    }

    private NDArray array(EncodedWeight value) {
        return value instanceof ExactWeight exact
                ? Tensors.exact(
                        manager,
                        exact.data(),
                        DataType.valueOf(exact.type().name()),
                        Tensors.shape(exact.shape()))
                : Tensors.decoded(manager, value);
    }

    /** Runs the graph, and compares its outputs with those of the block. */
    void check(NDList inputs, NDList expected, Map<String, Long> sizes) {
        ParameterStore store =
                new FixedParameterStore(manager, parameter -> weights.get(parameter.getName()));
        NDList actual;
        try {
            actual = block.forward(store, inputs, false);
        } catch (GraphException e) {
            throw new TraceException(
                    "The graph can't be run with the sizes " + sizes + ": " + e.getMessage(), e);
        }
        for (int i = 0; i < expected.size(); ++i) {
            check(i, expected.get(i), actual.get(i), sizes);
        }
    }

    private static void check(int output, NDArray one, NDArray other, Map<String, Long> sizes) {
        if (!one.getShape().equals(other.getShape())) {
            throw new TraceException(
                    "Output "
                            + output
                            + " of the block has the shape "
                            + one.getShape()
                            + " with the sizes "
                            + sizes
                            + ", that of the graph "
                            + other.getShape()
                            + ": the block does something else with these sizes");
        }
        double difference = Tensors.difference(one, other);
        if (!(difference <= TOLERANCE)) {
            throw new TraceException(
                    String.format(
                            Locale.ROOT,
                            "Output %d of the graph differs from the block's by %.2g of the largest"
                                    + " element with the sizes %s: the block computes something"
                                    + " that its operators don't tell, such as random numbers, or"
                                    + " depends on these sizes",
                            output,
                            difference,
                            sizes));
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
