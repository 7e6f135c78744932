package dev.bonsai.file;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.entropy.CodeLayout;
import dev.bonsai.entropy.EntropyCoder;
import dev.bonsai.entropy.FloatShape;
import java.util.function.IntUnaryOperator;

/** Reads numbers that a {@link CodedWriter} wrote, from the stream behind all heads. */
final class CodedReader implements NumberReader {

    private final ByteSource source;
    private final EntropyCoder coder;

    /**
     * @param source the heads, for the messages
     * @param coder the stream
     */
    CodedReader(ByteSource source, EntropyCoder coder) {
        this.source = source;
        this.coder = coder;
    }

    /** Returns how far the code of each element is from that of zero. */
    static IntUnaryOperator distances(GridWeight grid) {
        Codes codes = grid.codes();
        if (grid.isSymmetric()) {
            return codes::get;
        }
        int[] points = grid.zeroPoints();
        return i -> codes.get(i) - points[grid.layout().groupOf(i)];
    }

    /** Returns the assignment that is coded as 0: that of zero, or the one in the middle. */
    static int middle(float[] codebook) {
        int zero = CodebookWeight.indexOfZero(codebook);
        return zero < 0 ? codebook.length / 2 : zero;
    }

    @Override
    public void check(Coding coding) throws BonsaiFormatException {
        if (!coding.isCoded() && coding != Coding.PLAIN) {
            throw source.error(
                    "it has coding "
                            + coding.tag()
                            + ", which is none of section '"
                            + ModelReader.CODED
                            + "'");
        }
    }

    @Override
    public float[] floats(int count, FloatFormat format, String what) throws BonsaiFormatException {
        return floats(CodeLayout.vector(count), format);
    }

    private float[] floats(CodeLayout layout, FloatFormat format) throws BonsaiFormatException {
        int dropped = coder.number(0);
        if (dropped < 0 || dropped > format.fractionBits()) {
            throw source.error(
                    "its fractions have "
                            + format.fractionBits()
                            + " bits, but the file leaves out "
                            + dropped);
        }
        float[] values = new float[layout.size()];
        coder.floats(
                layout,
                FloatShape.of(format, dropped),
                read((i, bits) -> values[i] = format.fromBits(bits)));
        checkEnd();
        return values;
    }

    @Override
    public int[] integers(int count, String what) throws BonsaiFormatException {
        int[] values = new int[count];
        even(count, what, (i, value) -> values[i] = value);
        return values;
    }

    private void even(int count, String what, Found found) throws BonsaiFormatException {
        int width = coder.even(count, read(found));
        if (width < 0 || width > Integer.SIZE) {
            throw source.error(what + " have at most 32 bits each, but the file says " + width);
        }
        checkEnd();
    }

    @Override
    public float[] elements(Coding coding, int[] shape, int size, FloatFormat format)
            throws BonsaiFormatException {
        checkModelled(coding);
        return floats(CodeLayout.of(shape, size), format);
    }

    /** Floats and bytes have one coding. */
    private void checkModelled(Coding coding) throws BonsaiFormatException {
        if (coding != Coding.MODELLED) {
            throw source.error("it has coding " + coding.tag() + ", which is one of codes only");
        }
    }

    @Override
    public Codes codes(Coding coding, CodeRange range) throws BonsaiFormatException {
        Codes.Builder codes = range.builder();
        Found found = (i, distance) -> codes.set(i, range.origin().applyAsInt(i) + distance);
        if (coding == Coding.PLAIN) {
            even(range.size(), "its codes", found);
        } else {
            CodeLayout layout = CodeLayout.of(range.shape(), range.size());
            coder.codes(layout, coding == Coding.TIED, read(found));
            checkEnd();
        }
        return codes.build();
    }

    @Override
    public byte[] exact(Coding coding, int size, int width) throws BonsaiFormatException {
        checkModelled(coding);
        byte[] data = new byte[size * width];
        for (int i = 0; i < data.length; ++i) {
            data[i] = (byte) coder.octet(0);
        }
        checkEnd();
        return data;
    }

    private void checkEnd() throws BonsaiFormatException {
        if (coder.isOverrun()) {
            throw source.error("the coded numbers end too early");
        }
    }

    /** Takes what was read. */
    private interface Found {

        void set(int index, int number);
    }

    private static EntropyCoder.Elements read(Found found) {
        return new EntropyCoder.Elements() {
            @Override
            public int get(int index) {
                return 0;
            }

            @Override
            public void set(int index, int number) {
                found.set(index, number);
            }
        };
    }
}
