package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TracedNetwork;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.trace.TraceException;
import dev.bonsai.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what is computed with the weights, for techniques that go by it. */
final class FoundNetwork {

    private FoundNetwork() {}

    /**
     * Traces a block, if a technique asks for that.
     *
     * @param root the user's block
     * @param inputs the input of the first training pass
     * @return the network; empty if no technique uses it
     * @throws TraceException if no graph can be made of the block
     */
    static Optional<TracedNetwork> of(List<Technique> techniques, Block root, NDList inputs) {
        return techniques.stream()
                .filter(Technique::usesNetwork)
                .findFirst()
                .map(technique -> of(technique, root, inputs));
    }

    private static TracedNetwork of(Technique technique, Block root, NDList inputs) {
        try {
            Graph graph = Tracer.graph(root, inputs);
            List<Shape> samples = new ArrayList<>();
            for (int i = 0; i < inputs.size(); ++i) {
                samples.add(sample(graph.inputs().get(i), inputs.get(i).getShape().getShape()));
            }
            return new TracedNetwork(graph, samples);
        } catch (TraceException e) {
            throw new TraceException(
                    String.format(
                            Locale.ROOT,
                            "The technique '%s' goes by the graph of the network, which can't be"
                                    + " made: %s. Or leave the technique out",
                            technique.getName(),
                            e.getMessage()),
                    e);
        }
    }

    /** A free first dimension is the batch, of which one sample is counted. */
    private static Shape sample(Input input, long[] actual) {
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < actual.length; ++axis) {
            boolean batch = axis == 0 && !input.shape().get(0).isFixed();
            dims.add(Dim.of(batch ? 1 : actual[axis]));
        }
        return new Shape(dims);
    }
}
