package dev.bonsai.file;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Writes the model section; each weight in its shortest coding. See {@link ModelReader}. */
final class ModelWriter {

    private final ByteSink sink = new ByteSink();
    private final MemoryBudget budget = new MemoryBudget();
    private byte[] previousPath = {};

    private ModelWriter() {}

    /**
     * The model section.
     *
     * @param bytes what it holds
     * @param leastLength the least length of a file that may hold it
     */
    record Written(byte[] bytes, long leastLength) {}

    static Written write(BonsaiModel model) {
        ModelWriter writer = new ModelWriter();
        writer.inputShapes(model.inputShapes());
        writer.sink.varint(model.weights().size());
        for (NamedWeight weight : model.weights()) {
            writer.weight(weight);
        }
        return new Written(writer.sink.toByteArray(), writer.budget.leastLength());
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

    private void weight(NamedWeight named) {
        path(named.path());
        EncodedWeight weight = named.value();
        int size = weight.size();
        checkSize(named.path(), size);
        budget.elements(size);
        int[] nonzeros = IntStream.range(0, size).filter(i -> !weight.isZero(i)).toArray();
        ByteSink positions = new ByteSink();
        ByteSink values = new ByteSink();
        values(weight, IntStream.range(0, size).toArray(), false, values);
        Coding coding = Coding.PLAIN;
        ByteSink kept = new ByteSink();
        values(weight, nonzeros, true, kept);
        if (nonzeros.length < size) {
            ByteSink bitmap = Positions.bitmap(nonzeros, size);
            ByteSink gaps = Positions.gaps(nonzeros);
            ByteSink shorter = gaps.size() < bitmap.size() ? gaps : bitmap;
            if (shorter.size() + kept.size() < values.size()) {
                coding = gaps.size() < bitmap.size() ? Coding.GAPS : Coding.BITMAP;
                positions = shorter;
                values = kept;
            }
        } else if (kept.size() < values.size()) {
            coding = Coding.NONZERO;
            values = kept;
        }
        WeightTag.of(named.role(), weight, coding).write(sink);
        shape(weight.shape());
        side(weight);
        sink.append(positions);
        sink.append(values);
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
                PackedInts.write(grid.zeroPoints(), PackedInts.NONE, sink);
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

    private static void values(EncodedWeight weight, int[] at, boolean nonzero, ByteSink out) {
        if (weight instanceof DenseWeight dense) {
            float[] picked = new float[at.length];
            for (int i = 0; i < at.length; ++i) {
                picked[i] = dense.values()[at[i]];
            }
            PackedFloats.write(picked, dense.format(), out);
        } else if (weight instanceof GridWeight grid) {
            long absent = nonzero && grid.isSymmetric() ? 0 : PackedInts.NONE;
            PackedInts.write(pick(grid.codes(), at), absent, out);
        } else if (weight instanceof CodebookWeight shared) {
            long absent = nonzero ? indexOfZero(shared.codebook()) : PackedInts.NONE;
            PackedInts.write(pick(shared.assignments(), at), absent, out);
        } else if (weight instanceof ExactWeight exact) {
            int width = exact.type().bytes();
            for (int i : at) {
                out.bytes(exact.data(), i * width, width);
            }
        }
    }

    private static int[] pick(int[] values, int[] at) {
        int[] picked = new int[at.length];
        for (int i = 0; i < at.length; ++i) {
            picked[i] = values[at[i]];
        }
        return picked;
    }

    /** Returns -1 where there is no zero. */
    static int indexOfZero(float[] codebook) {
        for (int i = 0; i < codebook.length; ++i) {
            if (codebook[i] == 0f) {
                return i;
            }
        }
        return -1;
    }
}
