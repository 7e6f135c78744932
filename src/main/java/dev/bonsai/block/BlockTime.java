package dev.bonsai.block;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.bonsai.graph.Graph;
import dev.bonsai.statistics.MedianTime;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Times a graph in DJL's engine, with fresh weights: what a network of these widths takes there.
 *
 * <pre>{@code
 * Saving.latency(0.4f, new BlockTime(21, new Shape(1, 3, 32, 32)));
 * }</pre>
 */
public final class BlockTime implements ToDoubleFunction<Graph> {

    private final MedianTime time;
    private final List<Shape> inputs;

    /**
     * Makes a timer.
     *
     * @param runs the inference passes of which the median counts, at least 1, after some more that
     *     don't
     * @param inputs a shape per input, with the size of the batch; the inputs are of random floats
     */
    public BlockTime(int runs, Shape... inputs) {
        time = new MedianTime(runs);
        this.inputs = List.of(inputs);
    }

    /**
     * Times a graph.
     *
     * @param graph the graph, whose weights and inputs are floats
     * @return the seconds that a pass takes
     * @throws dev.bonsai.graph.type.GraphException if the engine can't run it
     */
    @Override
    public double applyAsDouble(Graph graph) {
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphBlock block = new GraphBlock(graph);
            block.initialize(manager, DataType.FLOAT32, inputs.toArray(Shape[]::new));
            ParameterStore store = new ParameterStore(manager, false);
            NDList samples = new NDList();
            inputs.forEach(shape -> samples.add(manager.randomUniform(-1, 1, shape)));
            return time.seconds(() -> block.forward(store, samples, false).close());
        }
    }
}
