package dev.bonsai.file;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.file.ByteLedger.Section;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Reads the weights of the model section one after the other. */
final class WeightReader {

    private static final String VALUES = "its values";

    private final ByteSource source;
    private final Tally tally;
    private final MemoryBudget budget = new MemoryBudget();
    private final long fileLength;
    private byte[] previousPath = {};
    private WeightTag tag;
    private int accounted;

    WeightReader(ByteSource source, Tally tally, long fileLength) {
        this.source = source;
        this.tally = tally;
        this.fileLength = fileLength;
        accounted = source.position();
    }

    NamedWeight read() throws BonsaiFormatException {
        String path = path();
        source.at(ModelReader.modelPlace() + ", weight '" + path + "'");
        tag = WeightTag.read(source);
        int[] shape = shape();
        int size = size(shape);
        try {
            EncodedWeight value =
                    switch (tag.kind()) {
                        case WeightTag.DENSE -> dense(shape, size, FloatFormat.FLOAT32);
                        case WeightTag.SHORT -> dense(shape, size, WeightTag.readFormat(source));
                        case WeightTag.GRID -> grid(shape, size);
                        case WeightTag.EXACT -> exact(shape, size);
                        default -> codebook(shape, size);
                    };
            tally.endWeight(path);
            return new NamedWeight(path, tag.role(), value);
        } catch (IllegalArgumentException e) { // a value that the encoding forbids
            throw source.error(e.getMessage());
        }
    }

    private String path() throws BonsaiFormatException {
        int shared = (int) source.varint("the shared part of its path", previousPath.length);
        byte[] rest = source.bytes(source.count("its path"), "its path");
        budget.path((long) shared + rest.length);
        checkBudget("the paths of its weights");
        byte[] path = Arrays.copyOf(previousPath, shared + rest.length);
        System.arraycopy(rest, 0, path, shared, rest.length);
        previousPath = path;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(path)).toString();
        } catch (CharacterCodingException e) {
            throw source.error("expected its path in UTF-8, but got " + Arrays.toString(path));
        }
    }

    private int[] shape() throws BonsaiFormatException {
        int[] shape = new int[source.count("its rank")];
        for (int i = 0; i < shape.length; ++i) {
            shape[i] = (int) source.varint("a dimension", Integer.MAX_VALUE);
        }
        return shape;
    }

    private int size(int[] shape) throws BonsaiFormatException {
        long size = 1;
        for (int dimension : shape) { // with a dimension of 0 there is no element
            size = Math.min(size * Math.max(1, dimension), 1L << 31);
        }
        size = Arrays.stream(shape).anyMatch(dimension -> dimension == 0) ? 0 : size;
        if (size > MemoryBudget.MOST_ELEMENTS) {
            throw source.error(
                    String.format(
                            Locale.ROOT,
                            "a weight has at most %d elements, but its shape is %s",
                            MemoryBudget.MOST_ELEMENTS,
                            Arrays.toString(shape)));
        }
        budget.elements(size);
        checkBudget("the elements of shape " + Arrays.toString(shape));
        return (int) size;
    }

    /** A short file can describe huge arrays of equal values: they may not take all memory. */
    private void checkBudget(String what) throws BonsaiFormatException {
        if (budget.leastLength() > fileLength) {
            throw source.error(
                    String.format(
                            Locale.ROOT,
                            "with %s the model takes more memory than a file of %d bytes may:"
                                    + " expected at least %d bytes",
                            what,
                            fileLength,
                            budget.leastLength()),
                    "Write the file again with BonsaiFile, which pads it.");
        }
    }

    private DenseWeight dense(int[] shape, int size, FloatFormat format)
            throws BonsaiFormatException {
        account(Section.STRUCTURE);
        int[] positions = positions(size);
        int count = positions == null ? size : positions.length;
        float[] values = PackedFloats.read(source, count, format, VALUES);
        account(Section.VALUES);
        if (positions == null) {
            return new DenseWeight(shape, values, format);
        }
        float[] all = new float[size];
        for (int i = 0; i < count; ++i) {
            all[positions[i]] = values[i];
        }
        return new DenseWeight(shape, all, format);
    }

    private GridWeight grid(int[] shape, int size) throws BonsaiFormatException {
        int width = source.u8("its width");
        boolean symmetric = (width & ModelReader.ASYMMETRIC) == 0;
        FloatFormat format =
                (width & ModelReader.SHORT_SCALES) == 0
                        ? FloatFormat.FLOAT32
                        : FloatFormat.BFLOAT16;
        int bits = width & ~(ModelReader.ASYMMETRIC | ModelReader.SHORT_SCALES);
        ScaleLayout layout = layout(size);
        budget.entries(2L * layout.groups()); // scales and zero points
        checkBudget("its scales");
        account(Section.STRUCTURE);
        float[] scales = PackedFloats.read(source, layout.groups(), format, "its scales");
        int[] zeroPoints =
                symmetric
                        ? new int[scales.length]
                        : PackedInts.read(
                                source, scales.length, PackedInts.NONE, "its zero points");
        account(Section.SCALES);
        int[] positions = positions(size);
        int[] codes = ints(size, positions, symmetric ? 0 : PackedInts.NONE);
        if (positions != null) {
            int[] all = new int[size];
            if (!symmetric) {
                Arrays.setAll(all, i -> zeroPoints[layout.groupOf(i)]);
            }
            codes = scatter(codes, positions, all);
        }
        return new GridWeight(shape, bits, layout, codes, scales, zeroPoints);
    }

    private ExactWeight exact(int[] shape, int size) throws BonsaiFormatException {
        ElementType type = WeightTag.readType(source);
        int width = type.bytes();
        budget.exact(size, type);
        checkBudget("its elements");
        if ((long) size * width > MemoryBudget.MOST_ELEMENTS) {
            throw source.error(size + " elements of " + width + " bytes do not fit an array");
        }
        account(Section.STRUCTURE);
        int[] positions = positions(size);
        int count = positions == null ? size : positions.length;
        byte[] data = source.bytes((long) count * width, VALUES);
        account(Section.VALUES);
        if (positions != null) {
            byte[] all = new byte[size * width];
            for (int i = 0; i < count; ++i) {
                System.arraycopy(data, i * width, all, positions[i] * width, width);
            }
            data = all;
        }
        return new ExactWeight(shape, type, data);
    }

    private ScaleLayout layout(int size) throws BonsaiFormatException {
        int rows = (int) source.varint("the rows of its scales", size);
        if (rows == 0 || size % rows != 0) {
            throw source.error(size + " elements cannot be cut into " + rows + " rows of scales");
        }
        int rowLength = size / rows;
        int groupLength = (int) source.varint("the length of a group", rowLength);
        return new ScaleLayout(rows, rowLength, groupLength == 0 ? rowLength : groupLength);
    }

    private CodebookWeight codebook(int[] shape, int size) throws BonsaiFormatException {
        account(Section.STRUCTURE);
        int length = (int) source.varint("the size of its codebook", CodebookWeight.MAX_SIZE + 1);
        budget.entries(length);
        checkBudget("its codebook");
        float[] codebook = PackedFloats.read(source, length, FloatFormat.FLOAT32, "its codebook");
        account(Section.SCALES);
        int[] positions = positions(size);
        int zero = ModelWriter.indexOfZero(codebook);
        int[] assignments = ints(size, positions, zero);
        if (positions != null) {
            if (zero < 0) {
                throw source.error("expected a zero in its codebook, for it has positions");
            }
            int[] all = new int[size];
            Arrays.fill(all, zero);
            assignments = scatter(assignments, positions, all);
        }
        return new CodebookWeight(shape, codebook, assignments);
    }

    /** Returns null where every element has a value. */
    private int[] positions(int size) throws BonsaiFormatException {
        if (tag.coding() == Coding.PLAIN || tag.coding() == Coding.NONZERO) {
            return null;
        }
        int[] positions = Positions.read(tag.coding(), source, size);
        account(Section.POSITIONS);
        return positions;
    }

    private int[] ints(int size, int[] positions, long zero) throws BonsaiFormatException {
        int count = positions == null ? size : positions.length;
        long absent = tag.coding() == Coding.PLAIN ? PackedInts.NONE : zero;
        int[] values = PackedInts.read(source, count, absent, VALUES);
        account(Section.VALUES);
        return values;
    }

    private static int[] scatter(int[] values, int[] positions, int[] into) {
        for (int i = 0; i < positions.length; ++i) {
            into[positions[i]] = values[i];
        }
        return into;
    }

    private void account(Section section) {
        tally.add(tag.role(), section, source.position() - accounted);
        accounted = source.position();
    }
}
