package dev.bonsai.file;

import dev.bonsai.encoding.FloatFormat;
import java.util.Locale;

/**
 * Floats, bit for bit, without the bits that they do not need.
 *
 * <p>With the sign moved from the highest bit to the lowest, floats of a similar magnitude are
 * integers of a small range: {@link PackedInts}. Before these, where it makes them shorter, stands
 * a byte of 128, plus 64 if there is no negative float and the sign is left out, plus the number of
 * the lowest bits of the fractions, all 0, that are left out. Fewer than {@link #FEW} floats are
 * written as they are, in the bytes of their format.
 */
final class PackedFloats {

    private static final int FEW = 8;
    private static final int LAYOUT = 0x80;
    private static final int UNSIGNED = 0x40;

    private PackedFloats() {}

    static void write(float[] values, FloatFormat format, ByteSink sink) {
        if (values.length < FEW) {
            for (float value : values) {
                sink.lowBytes(format.toBits(value), format.bits() / Byte.SIZE);
            }
            return;
        }
        ByteSink plain = new ByteSink();
        write(values, new Layout(format, 0, true), plain);
        Layout layout = Layout.of(values, format);
        ByteSink reduced = new ByteSink();
        reduced.u8(LAYOUT | (layout.signed ? 0 : UNSIGNED) | layout.dropped);
        write(values, layout, reduced);
        sink.append(reduced.size() < plain.size() ? reduced : plain);
    }

    private static void write(float[] values, Layout layout, ByteSink sink) {
        int[] symbols = new int[values.length];
        for (int i = 0; i < symbols.length; ++i) {
            symbols[i] = layout.symbol(values[i]);
        }
        PackedInts.write(symbols, PackedInts.NONE, sink);
    }

    static float[] read(ByteSource source, int count, FloatFormat format, String what)
            throws BonsaiFormatException {
        if (count < FEW) {
            int length = format.bits() / Byte.SIZE;
            source.need((long) count * length, what);
            float[] values = new float[count];
            for (int i = 0; i < count; ++i) {
                values[i] = format.fromBits(source.lowBytes(length, what));
            }
            return values;
        }
        Layout layout = Layout.read(source, format, what);
        int[] symbols = PackedInts.read(source, count, PackedInts.NONE, what);
        float[] values = new float[count];
        for (int i = 0; i < count; ++i) {
            values[i] = layout.value(symbols[i], source, what);
        }
        return values;
    }

    /**
     * Which bits of a float are kept.
     *
     * @param format the format that the bits are those of
     * @param dropped the lowest bits of the fraction that are left out
     * @param signed whether the sign is kept
     */
    private record Layout(FloatFormat format, int dropped, boolean signed) {

        static Layout of(float[] values, FloatFormat format) {
            int all = 1 << format.fractionBits();
            boolean signed = false;
            for (float value : values) {
                int bits = format.toBits(value);
                all |= bits;
                signed |= bits >>> (format.bits() - 1) != 0;
            }
            return new Layout(format, Integer.numberOfTrailingZeros(all), signed);
        }

        static Layout read(ByteSource source, FloatFormat format, String what)
                throws BonsaiFormatException {
            if (source.peek(what) < LAYOUT) {
                return new Layout(format, 0, true);
            }
            int layout = source.u8(what);
            int dropped = layout & ~(LAYOUT | UNSIGNED);
            if (dropped > format.fractionBits()) {
                throw source.error(
                        String.format(
                                Locale.ROOT,
                                "%s have fractions of %d bits, but the file leaves out %d",
                                what,
                                format.fractionBits(),
                                dropped));
            }
            return new Layout(format, dropped, (layout & UNSIGNED) == 0);
        }

        private int width() {
            return format.bits() - dropped - (signed ? 0 : 1);
        }

        int symbol(float value) {
            int bits = format.toBits(value);
            int sign = bits >>> (format.bits() - 1);
            int size = (bits ^ sign << (format.bits() - 1)) >>> dropped;
            int symbol = signed ? size << 1 | sign : size;
            return width() == Integer.SIZE ? symbol ^ Integer.MIN_VALUE : symbol; // in order
        }

        float value(int packed, ByteSource source, String what) throws BonsaiFormatException {
            int symbol = width() == Integer.SIZE ? packed ^ Integer.MIN_VALUE : packed;
            if (width() < Integer.SIZE && symbol >>> width() != 0) {
                throw source.error(
                        String.format(
                                Locale.ROOT,
                                "%s have %d bits each, but the file has %d",
                                what,
                                width(),
                                symbol));
            }
            int size = (signed ? symbol >>> 1 : symbol) << dropped;
            int sign = signed ? symbol & 1 : 0;
            return format.fromBits(size | sign << (format.bits() - 1));
        }
    }
}
