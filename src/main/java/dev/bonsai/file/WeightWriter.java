package dev.bonsai.file;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import java.util.BitSet;
import java.util.Locale;

/** Writes weights without their paths, each in its shortest coding. See {@link WeightReader}. */
final class WeightWriter {

    private final ByteSink sink;
    private final MemoryBudget budget;

    WeightWriter(ByteSink sink, MemoryBudget budget) {
        this.sink = sink;
        this.budget = budget;
    }

    /**
     * Writes a weight.
     *
     * @param name what messages call it
     */
    void write(String name, Role role, EncodedWeight weight) {
        int size = weight.size();
        checkSize(name, size);
        budget.elements(size);
        BitSet nonzeros = nonzeros(weight);
        Coded plain = values(weight, IntSequence.range(size), false);
        Coded kept = values(weight, IntSequence.of(nonzeros), true);
        Positions.Chosen positions = Positions.of(nonzeros, size);
        if (nonzeros.cardinality() == size) {
            boolean shorter = kept.bytes() < plain.bytes();
            head(role, weight, shorter ? Coding.NONZERO : Coding.PLAIN);
            (shorter ? kept : plain).write(sink);
        } else if (positions.coded().bytes() + kept.bytes() < plain.bytes()) {
            head(role, weight, positions.coding());
            positions.coded().write(sink);
            kept.write(sink);
        } else {
            head(role, weight, Coding.PLAIN);
            plain.write(sink);
        }
    }

    private static BitSet nonzeros(EncodedWeight weight) {
        BitSet nonzeros = new BitSet(weight.size());
        for (int i = 0; i < weight.size(); ++i) {
            nonzeros.set(i, !weight.isZero(i));
        }
        return nonzeros;
    }

    /** What stands before the positions and the values. */
    private void head(Role role, EncodedWeight weight, Coding coding) {
        WeightTag.of(role, weight, coding).write(sink);
        shape(weight.shape());
        side(weight);
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

    /** What is told once a weight: nothing, the format, the grid, the codebook. */
    private void side(EncodedWeight weight) {
        if (weight instanceof GridWeight grid) {
            int asymmetric = grid.isSymmetric() ? 0 : ModelReader.ASYMMETRIC;
            FloatFormat format = scaleFormat(grid.scales());
            int shortScales = format == FloatFormat.FLOAT32 ? 0 : ModelReader.SHORT_SCALES;
            sink.u8(grid.bits() | asymmetric | shortScales);
            sink.varint(grid.layout().rows());
            int groupLength = grid.layout().groupLength();
            sink.varint(groupLength == grid.layout().rowLength() ? 0 : groupLength);
            budget.entries(2L * grid.scales().length);
            PackedFloats.write(grid.scales(), format, sink);
            if (asymmetric != 0) {
                PackedInts.write(grid.zeroPoints(), sink);
            }
        } else if (weight instanceof CodebookWeight shared) {
            budget.entries(shared.codebook().length);
            sink.varint(shared.codebook().length);
            PackedFloats.write(shared.codebook(), FloatFormat.FLOAT32, sink);
        } else if (weight instanceof ExactWeight exact) {
            budget.exact(exact.size(), exact.type());
            WeightTag.writeType(exact.type(), sink);
        } else if (weight instanceof DenseWeight dense && dense.format() != FloatFormat.FLOAT32) {
            WeightTag.writeFormat(dense.format(), sink);
        }
    }

    private static FloatFormat scaleFormat(float[] scales) {
        for (float scale : scales) {
            if (!FloatFormat.BFLOAT16.holds(scale)) {
                return FloatFormat.FLOAT32;
            }
        }
        return FloatFormat.BFLOAT16;
    }

    /** Returns the values of some elements, which are all of them, or those other than zero. */
    private static Coded values(EncodedWeight weight, IntSequence at, boolean nonzero) {
        if (weight instanceof DenseWeight dense) {
            FloatFormat format = dense.format();
            IntSequence bits = at.map(i -> format.toBits(dense.values().get(i) + 0f)); // no -0
            return PackedFloats.of(bits, format);
        }
        if (weight instanceof GridWeight grid) {
            long absent = nonzero && grid.isSymmetric() ? 0 : PackedInts.NONE;
            return PackedInts.of(at.map(grid.codes()::get), absent);
        }
        if (weight instanceof CodebookWeight shared) {
            long absent = nonzero ? CodebookWeight.indexOfZero(shared.codebook()) : PackedInts.NONE;
            return PackedInts.of(at.map(shared.assignments()::get), absent);
        }
        return new ExactValues((ExactWeight) weight, at);
    }

    /** Elements in the bytes of their type. */
    private record ExactValues(ExactWeight weight, IntSequence at) implements Coded {

        @Override
        public long bytes() {
            return (long) at.count() * weight.type().bytes();
        }

        @Override
        public void write(ByteSink sink) {
            int width = weight.type().bytes();
            at.forEach(i -> sink.bytes(weight.data(), i * width, width));
        }
    }
}
