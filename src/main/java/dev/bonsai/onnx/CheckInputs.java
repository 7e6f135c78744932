package dev.bonsai.onnx;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Inputs from a seed, with a size per free dimension: normal floats, integers of a range. */
final class CheckInputs {

    private static final List<Long> BATCH = List.of(1L, 3L);
    private static final List<Long> OTHERS = List.of(32L, 64L);

    /** How many runs there are: one per size of the batch. */
    static final int RUNS = 2;

    private CheckInputs() {}

    /** Returns the inputs of a run by name, in the graph's order. */
    static Map<String, EncodedWeight> of(Graph graph, ExportCheck check, int run) {
        Map<String, Long> sizes = new HashMap<>();
        for (Input input : graph.inputs()) {
            for (Dim dim : input.shape().dims()) {
                for (String symbol : dim.symbols()) {
                    List<Long> standard = sizes.isEmpty() ? BATCH : OTHERS;
                    sizes.computeIfAbsent(
                            symbol, name -> check.sizes(name).orElse(standard).get(run));
                }
            }
        }
        Random random = new Random(check.seed() + run);
        Map<String, EncodedWeight> inputs = new LinkedHashMap<>();
        for (Input input : graph.inputs()) {
            Shape shape = input.shape().bind(sizes);
            if (!shape.isFixed() || !shape.elements().isFixed()) {
                throw new GraphException("The sizes of the input " + input + " are not known");
            }
            inputs.put(
                    input.name(),
                    value(input.type(), shape.sizes(), check.range(input.name()), random));
        }
        return inputs;
    }

    private static EncodedWeight value(
            ElementType type, int[] shape, ExportCheck.Range range, Random random) {
        int size = 1;
        for (int dim : shape) {
            size = Math.multiplyExact(size, dim);
        }
        if (type == ElementType.FLOAT32) {
            float[] values = new float[size];
            for (int i = 0; i < size; ++i) {
                values[i] = (float) random.nextGaussian();
            }
            return new DenseWeight(shape, values);
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(size, type.bytes()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; ++i) {
            if (type == ElementType.FLOAT64) {
                bytes.putDouble(random.nextGaussian());
            } else if (Constants.isFloat(type)) {
                throw new GraphException("An input of " + type + " can't be checked");
            } else {
                put(bytes, type.bytes(), random.nextLong(range.low(), range.high()));
            }
        }
        return new ExactWeight(shape, type, bytes.array());
    }

    private static void put(ByteBuffer bytes, int width, long number) {
        for (int i = 0; i < width; ++i) {
            bytes.put((byte) (number >> (Byte.SIZE * i)));
        }
    }
}
