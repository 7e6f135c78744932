package dev.bonsai.file;

import dev.bonsai.encoding.NamedWeight;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Writes the model section. See {@link ModelReader}. */
final class ModelWriter {

    private final ByteSink sink = new ByteSink();
    private final MemoryBudget budget;
    private byte[] previousPath = {};

    private ModelWriter(MemoryBudget budget) {
        this.budget = budget;
    }

    /**
     * Returns the bytes of the section.
     *
     * @param numbers takes the numbers of the weights
     * @param budget counts the memory of what is written
     */
    static byte[] write(BonsaiModel model, NumberWriter numbers, MemoryBudget budget) {
        ModelWriter writer = new ModelWriter(budget);
        writer.inputShapes(model.hasShapesOfGraph() ? List.of() : model.inputShapes());
        writer.sink.varint(model.weights().size());
        WeightWriter weights = new WeightWriter(writer.sink, numbers, budget);
        for (NamedWeight weight : model.weights()) {
            writer.path(weight.path());
            weights.write(weight.path(), weight.role(), weight.value());
        }
        return writer.sink.toByteArray();
    }

    private void inputShapes(List<int[]> shapes) {
        sink.varint(shapes.size());
        for (int[] shape : shapes) {
            sink.varint(shape.length);
            for (int dimension : shape) {
                sink.varint(dimension + 1L); // -1 is a free dimension
            }
        }
    }

    /** The number of bytes shared with the path before, and the others. */
    private void path(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        budget.path(bytes.length);
        int differs = Arrays.mismatch(bytes, previousPath);
        int shared = differs < 0 ? bytes.length : differs;
        sink.varint(shared);
        sink.varint(bytes.length - shared);
        sink.bytes(bytes, shared, bytes.length - shared);
        previousPath = bytes;
    }
}
