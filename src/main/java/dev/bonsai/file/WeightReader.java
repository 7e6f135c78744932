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
import dev.bonsai.file.NumberReader.CodeRange;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** Reads weights one after the other: the head of each, then its numbers. */
final class WeightReader {

    private final ByteSource source;
    private final NumberReader numbers;
    private final Tally tally;
    private final Account headAccount;
    private final Account numberAccount;
    private final MemoryBudget budget;
    private byte[] previousPath = {};
    private WeightTag tag;

    private WeightReader(
            ByteSource source,
            NumberReader numbers,
            Tally tally,
            Account headAccount,
            Account numberAccount,
            MemoryBudget budget) {
        this.source = source;
        this.numbers = numbers;
        this.tally = tally;
        this.headAccount = headAccount;
        this.numberAccount = numberAccount;
        this.budget = budget;
        numbers.onPositions(() -> numberAccount.charge(tag.role(), Section.POSITIONS));
    }

    /** Reads weights whose numbers stand behind their heads. */
    static WeightReader packed(ByteSource source, Tally tally, MemoryBudget budget) {
        Account account = new Account(tally, () -> Length.of(source.position()));
        PackedReader numbers = new PackedReader(source);
        return new WeightReader(source, numbers, tally, account, account, budget);
    }

    /** Reads weights whose numbers stand in a stream of their own. */
    static WeightReader coded(
            ByteSource source, CodedStream stream, Tally tally, MemoryBudget budget) {
        return new WeightReader(
                source,
                new CodedReader(source, stream.coder()),
                tally,
                new Account(tally, () -> stream.lengthOfHead(source.position())),
                new Account(tally, stream::length),
                budget);
    }

    /** Reads constants of a graph, whose numbers stand in the stream; the caller accounts. */
    static WeightReader codedConstants(ByteSource source, CodedStream stream, MemoryBudget budget) {
        Account nothing = new Account(new Tally(), () -> Length.NONE);
        CodedReader numbers = new CodedReader(source, stream.coder());
        return new WeightReader(source, numbers, new Tally(), nothing, nothing, budget);
    }

    /** Charges what stands before the first weight. */
    void begin() {
        headAccount.charge(Section.STRUCTURE);
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
        numbers.check(tag.coding());
        int[] shape = shape();
        int size = size(shape);
        try {
            EncodedWeight value = value(shape, size);
            numberAccount.charge(tag.role(), Section.VALUES);
            return value;
        } catch (IllegalArgumentException e) { // a value that the encoding forbids
            throw source.error(e.getMessage());
        }
    }

    private EncodedWeight value(int[] shape, int size) throws BonsaiFormatException {
        return switch (tag.kind()) {
            case WeightTag.DENSE -> dense(shape, size, FloatFormat.FLOAT32);
            case WeightTag.SHORT -> dense(shape, size, WeightTag.readFormat(source));
            case WeightTag.GRID -> grid(shape, size);
            case WeightTag.EXACT -> exact(shape, size);
            default -> codebook(shape, size);
        };
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
        endHead();
        return new DenseWeight(shape, numbers.elements(coding(), shape, size, format), format);
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
        endHead();
        float[] scales = numbers.floats(layout.groups(), format, "its scales");
        int[] zeroPoints =
                symmetric
                        ? new int[scales.length]
                        : numbers.integers(scales.length, "its zero points");
        endScales();
        int low = GridWeight.lowestCode(bits);
        long zero = symmetric ? 0 : PackedInts.NONE;
        IntUnaryOperator origin = symmetric ? i -> 0 : i -> zeroPoints[layout.groupOf(i)];
        CodeRange range = new CodeRange(shape, size, low, ~low, zero, origin);
        return new GridWeight(
                shape, bits, layout, numbers.codes(coding(), range), scales, zeroPoints);
    }

    private ExactWeight exact(int[] shape, int size) throws BonsaiFormatException {
        ElementType type = WeightTag.readType(source);
        int width = type.bytes();
        budget.exact(size, type);
        budget.check(source, "its elements");
        if ((long) size * width > MemoryBudget.MOST_ELEMENTS) {
            throw source.error(size + " elements of " + width + " bytes do not fit an array");
        }
        endHead();
        return new ExactWeight(shape, type, numbers.exact(coding(), size, width));
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
        int length = (int) source.varint("the size of its codebook", CodebookWeight.MAX_SIZE + 1);
        budget.entries(length);
        budget.check(source, "its codebook");
        endHead();
        float[] codebook = numbers.floats(length, FloatFormat.FLOAT32, "its codebook");
        endScales();
        int zero = CodebookWeight.indexOfZero(codebook);
        if (zero < 0 && coding().hasPositions()) {
            throw source.error("expected a zero in its codebook, for it has positions");
        }
        int origin = CodedReader.middle(codebook);
        int high = Math.max(0, length - 1);
        CodeRange range = new CodeRange(shape, size, 0, high, zero, i -> origin);
        return new CodebookWeight(shape, codebook, numbers.codes(coding(), range));
    }

    private Coding coding() {
        return tag.coding();
    }

    private void endHead() {
        headAccount.charge(tag.role(), Section.STRUCTURE);
    }

    private void endScales() {
        numberAccount.charge(tag.role(), Section.SCALES);
    }
}
