package dev.bonsai.onnx;

import ai.onnxruntime.OrtException;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.library.OptionalLibrary;
import dev.bonsai.statistics.MedianTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Times a graph in ONNX Runtime on one thread, with weights of random floats: what a network of
 * these widths takes there.
 *
 * <pre>{@code
 * Saving.latency(0.4f, new OrtTime(21, Shape.of(1, 3, 32, 32)));
 * }</pre>
 */
public final class OrtTime implements ToDoubleFunction<Graph> {

    private static final float LARGEST = 0.1f;

    private final MedianTime time;
    private final List<Shape> inputs;

    /**
     * Makes a timer.
     *
     * @param runs the runs of which the median counts, at least 1, after some more that don't
     * @param inputs a shape per input, without free dimensions; the inputs are of random floats
     */
    public OrtTime(int runs, Shape... inputs) {
        time = new MedianTime(runs);
        this.inputs = List.of(inputs);
    }

    /**
     * Times a graph.
     *
     * @param graph the graph, whose weights and inputs are floats
     * @return the seconds that a run takes
     * @throws IllegalArgumentException if it can't be said in ONNX, or ONNX Runtime does not run it
     */
    @Override
    public double applyAsDouble(Graph graph) {
        OptionalLibrary.ONNX_MESSAGES.need();
        OptionalLibrary.ONNX_RUNTIME.need();
        Map<String, EncodedWeight> weights = new LinkedHashMap<>();
        graph.weights().forEach(weight -> weights.put(weight.path(), random(weight.shape())));
        Map<String, EncodedWeight> samples = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); ++i) {
            samples.put(graph.inputs().get(i).name(), random(inputs.get(i)));
        }
        try (OrtSession session =
                new OrtSession(GraphWriter.write(new GraphModel(graph, weights)))) {
            return time.seconds(() -> session.run(samples));
        } catch (OnnxExportException | OrtException e) {
            throw new IllegalArgumentException(
                    "The graph can't be timed in ONNX Runtime: " + e.getMessage(), e);
        }
    }

    /** Positive, as variances have to be. */
    private static EncodedWeight random(Shape shape) {
        Random random = new Random(1);
        float[] values = new float[Math.toIntExact(shape.elements().size())];
        for (int i = 0; i < values.length; ++i) {
            values[i] = LARGEST * random.nextFloat();
        }
        return new DenseWeight(shape.sizes(), values);
    }
}
