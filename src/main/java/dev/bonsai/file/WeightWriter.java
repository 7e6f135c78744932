package dev.bonsai.file;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import java.util.Locale;

/** Writes weights without their paths: a head each, then its numbers. See {@link WeightReader}. */
final class WeightWriter {

    private final ByteSink sink;
    private final NumberWriter numbers;
    private final MemoryBudget budget;

    WeightWriter(ByteSink sink, NumberWriter numbers, MemoryBudget budget) {
        this.sink = sink;
        this.numbers = numbers;
        this.budget = budget;
    }

    /**
     * Writes a weight.
     *
     * @param name what messages call it
     */
    void write(String name, Role role, EncodedWeight weight) {
        checkSize(name, weight.size());
        budget.elements(weight.size());
        Coding coding = numbers.coding(weight);
        WeightTag.of(role, weight, coding).write(sink);
        shape(weight.shape());
        side(weight);
        numbers.write(weight, coding, sink);
    }

    private static void checkSize(String path, int size) {
        if (size > MemoryBudget.MOST_ELEMENTS) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A weight in a file has at most %d elements, but %s has %d: split it",
                            MemoryBudget.MOST_ELEMENTS,
                            path,
                            size));
        }
    }

    private void shape(int[] shape) {
        sink.varint(shape.length);
        for (int dimension : shape) {
            sink.varint(dimension);
        }
    }

    /** What is told once a weight besides numbers: nothing, the format, the grid, the length. */
    private void side(EncodedWeight weight) {
        if (weight instanceof GridWeight grid) {
            int asymmetric = grid.isSymmetric() ? 0 : ModelReader.ASYMMETRIC;
            boolean isShort = scaleFormat(grid) == FloatFormat.BFLOAT16;
            sink.u8(grid.bits() | asymmetric | (isShort ? ModelReader.SHORT_SCALES : 0));
            sink.varint(grid.layout().rows());
            int groupLength = grid.layout().groupLength();
            sink.varint(groupLength == grid.layout().rowLength() ? 0 : groupLength);
            budget.entries(2L * grid.scales().length);
        } else if (weight instanceof CodebookWeight shared) {
            budget.entries(shared.codebook().length);
            sink.varint(shared.codebook().length);
        } else if (weight instanceof ExactWeight exact) {
            budget.exact(exact.size(), exact.type());
            WeightTag.writeType(exact.type(), sink);
        } else if (weight instanceof DenseWeight dense && dense.format() != FloatFormat.FLOAT32) {
            WeightTag.writeFormat(dense.format(), sink);
        }
    }

    /** Returns the shortest format that holds all scales. */
    static FloatFormat scaleFormat(GridWeight grid) {
        for (float scale : grid.scales()) {
            if (!FloatFormat.BFLOAT16.holds(scale)) {
                return FloatFormat.FLOAT32;
            }
        }
        return FloatFormat.BFLOAT16;
    }
}
