package dev.bonsai.file;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.ScaleLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** Reads the weights of the model section one after the other. */
final class WeightReader {

    private static final String VALUES = "its values";

    private final ByteSource source;
    private final Tally tally;
    private final MemoryBudget budget;
    private byte[] previousPath = {};
    private WeightTag tag;
    private int accounted;

    WeightReader(ByteSource source, Tally tally, MemoryBudget budget) {
        this.source = source;
        this.tally = tally;
        this.budget = budget;
        accounted = source.position();
    }

    /** Reads a weight of the model section, with its path. */
    NamedWeight read() throws BonsaiFormatException {
        String path = path();
        source.at(ModelReader.modelPlace() + ", weight '" + path + "'");
        EncodedWeight value = readValue();
        tally.endWeight(path);
        return new NamedWeight(path, tag.role(), value);
    }

    /** Reads a weight without its path. */
    EncodedWeight readValue() throws BonsaiFormatException {
        tag = WeightTag.read(source);
        int[] shape = shape();
        int size = size(shape);
        try {
            return switch (tag.kind()) {
                case WeightTag.DENSE -> dense(shape, size, FloatFormat.FLOAT32);
                case WeightTag.SHORT -> dense(shape, size, WeightTag.readFormat(source));
                case WeightTag.GRID -> grid(shape, size);
                case WeightTag.EXACT -> exact(shape, size);
                default -> codebook(shape, size);
            };
        } catch (IllegalArgumentException e) { // a value that the encoding forbids
            throw source.error(e.getMessage());
        }
    }

    private String path() throws BonsaiFormatException {
        int shared = (int) source.varint("the shared part of its path", previousPath.length);
        byte[] rest = source.bytes(source.count("its path"), "its path");
        budget.path((long) shared + rest.length);
        budget.check(source, "the paths of its weights");
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
        budget.check(source, "the elements of shape " + Arrays.toString(shape));
        return (int) size;
    }

    private DenseWeight dense(int[] shape, int size, FloatFormat format)
            throws BonsaiFormatException {
        account(Section.STRUCTURE);
        Elements elements = elements(size);
        IntSource packed = PackedFloats.open(source, elements.count(), format, VALUES);
        float[] values = new float[size];
        packed.read(bits -> values[elements.next()] = format.fromBits(bits));
        account(Section.VALUES);
        return new DenseWeight(shape, values, format);
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
        budget.check(source, "its scales");
        account(Section.STRUCTURE);
        float[] scales = PackedFloats.read(source, layout.groups(), format, "its scales");
        int[] zeroPoints =
                symmetric
                        ? new int[scales.length]
                        : PackedInts.read(source, scales.length, "its zero points");
        account(Section.SCALES);
        Elements elements = elements(size);
        int low = GridWeight.lowestCode(bits);
        Codes codes =
                codes(
                        elements,
                        symmetric ? 0 : PackedInts.NONE,
                        () -> Codes.builder(size, low, ~low),
                        i -> symmetric ? 0 : zeroPoints[layout.groupOf(i)]);
        return new GridWeight(shape, bits, layout, codes, scales, zeroPoints);
    }

    private ExactWeight exact(int[] shape, int size) throws BonsaiFormatException {
        ElementType type = WeightTag.readType(source);
        int width = type.bytes();
        budget.exact(size, type);
        budget.check(source, "its elements");
        if ((long) size * width > MemoryBudget.MOST_ELEMENTS) {
            throw source.error(size + " elements of " + width + " bytes do not fit an array");
        }
        account(Section.STRUCTURE);
        Elements elements = elements(size);
        byte[] kept = source.bytes((long) elements.count() * width, VALUES);
        account(Section.VALUES);
        if (elements.count() == size) {
            return new ExactWeight(shape, type, kept);
        }
        byte[] data = new byte[size * width];
        for (int i = 0; i < elements.count(); ++i) {
            System.arraycopy(kept, i * width, data, elements.next() * width, width);
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
        budget.check(source, "its codebook");
        float[] codebook = PackedFloats.read(source, length, FloatFormat.FLOAT32, "its codebook");
        account(Section.SCALES);
        Elements elements = elements(size);
        int zero = CodebookWeight.indexOfZero(codebook);
        if (elements.positions().isPresent() && zero < 0) {
            throw source.error("expected a zero in its codebook, for it has positions");
        }
        Codes assignments =
                codes(
                        elements,
                        zero,
                        () -> Codes.builder(size, 0, Math.max(0, length - 1)),
                        i -> zero);
        return new CodebookWeight(shape, codebook, assignments);
    }

    private Elements elements(int size) throws BonsaiFormatException {
        if (tag.coding() == Coding.PLAIN || tag.coding() == Coding.NONZERO) {
            return new Elements(Optional.empty(), size);
        }
        BitSet positions = Positions.read(tag.coding(), source, size);
        account(Section.POSITIONS);
        return new Elements(Optional.of(positions), positions.cardinality());
    }

    /**
     * Reads codes.
     *
     * @param zero the code of zero where it is one everywhere
     * @param memory takes memory for the codes of all elements
     * @param removed the code of an element that the file has no value of
     */
    private Codes codes(
            Elements elements, long zero, Supplier<Codes.Builder> memory, IntUnaryOperator removed)
            throws BonsaiFormatException {
        long absent = tag.coding() == Coding.PLAIN ? PackedInts.NONE : zero;
        IntSource packed = PackedInts.open(source, elements.count(), absent, VALUES);
        Codes.Builder codes = memory.get();
        elements.positions()
                .ifPresent(
                        positions -> {
                            int i = positions.nextClearBit(0);
                            for (; i < codes.size(); i = positions.nextClearBit(i + 1)) {
                                codes.set(i, removed.applyAsInt(i));
                            }
                        });
        packed.read(value -> codes.set(elements.next(), value));
        account(Section.VALUES);
        return codes.build();
    }

    /** The elements that the file has values of, in order. */
    private static final class Elements {

        private final Optional<BitSet> positions;
        private final int count;
        private int next;

        /**
         * @param positions which they are; empty where it is all of them
         * @param count how many they are
         */
        Elements(Optional<BitSet> positions, int count) {
            this.positions = positions;
            this.count = count;
        }

        Optional<BitSet> positions() {
            return positions;
        }

        int count() {
            return count;
        }

        /** Returns the index of the next one. */
        int next() {
            int index = positions.isPresent() ? positions.get().nextSetBit(next) : next;
            next = index + 1;
            return index;
        }
    }

    private void account(Section section) {
        tally.add(tag.role(), section, source.position() - accounted);
        accounted = source.position();
    }
}
