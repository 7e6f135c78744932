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

    /**
     * Decides on the bits that are kept.
     *
     * @param bits the floats as {@link FloatFormat#toBits} gives them
     */
    static Coded of(IntSequence bits, FloatFormat format) {
        if (bits.count() < FEW) {
            return new Few(bits, format.bits() / Byte.SIZE);
        }
        Coded plain = PackedInts.of(bits.map(new Layout(format, 0, true)::symbol), PackedInts.NONE);
        Layout layout = Layout.of(bits, format);
        return Coded.shorter(
                plain,
                new Reduced(layout, PackedInts.of(bits.map(layout::symbol), PackedInts.NONE)));
    }

    static void write(float[] values, FloatFormat format, ByteSink sink) {
        of(IntSequence.range(values.length).map(i -> format.toBits(values[i])), format).write(sink);
    }

    private record Few(IntSequence bits, int width) implements Coded {

        @Override
        public long bytes() {
            return (long) bits.count() * width;
        }

        @Override
        public void write(ByteSink sink) {
            bits.forEach(value -> sink.lowBytes(value, width));
        }
    }

    private record Reduced(Layout layout, PackedInts symbols) implements Coded {

        @Override
        public long bytes() {
            return 1 + symbols.bytes();
        }

        @Override
        public void write(ByteSink sink) {
            sink.u8(LAYOUT | (layout.signed ? 0 : UNSIGNED) | layout.dropped);
            symbols.write(sink);
        }
    }

    static float[] read(ByteSource source, int count, FloatFormat format, String what)
            throws BonsaiFormatException {
        IntSource packed = open(source, count, format, what);
        float[] values = new float[count];
        int[] at = {0};
        packed.read(bits -> values[at[0]++] = format.fromBits(bits));
        return values;
    }

    /** Checks that the bytes of floats are there, and gives the bits of each in its format. */
    static IntSource open(ByteSource source, int count, FloatFormat format, String what)
            throws BonsaiFormatException {
        if (count < FEW) {
            int length = format.bits() / Byte.SIZE;
            source.need((long) count * length, what);
            return target -> {
                for (int i = 0; i < count; ++i) {
                    target.accept(source.lowBytes(length, what));
                }
            };
        }
        Layout layout = Layout.read(source, format, what);
        IntSource symbols = PackedInts.open(source, count, PackedInts.NONE, what);
        return target -> symbols.read(symbol -> target.accept(layout.bits(symbol, source, what)));
    }

    /**
     * Which bits of a float are kept.
     *
     * @param format the format that the bits are those of
     * @param dropped the lowest bits of the fraction that are left out
     * @param signed whether the sign is kept
     */
    private record Layout(FloatFormat format, int dropped, boolean signed) {

        static Layout of(IntSequence bits, FloatFormat format) {
            int[] all = {1 << format.fractionBits()};
            bits.forEach(value -> all[0] |= value);
            boolean signed = all[0] >>> (format.bits() - 1) != 0;
            return new Layout(format, Integer.numberOfTrailingZeros(all[0]), signed);
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

        int symbol(int bits) {
            int sign = bits >>> (format.bits() - 1);
            int size = (bits ^ sign << (format.bits() - 1)) >>> dropped;
            int symbol = signed ? size << 1 | sign : size;
            return width() == Integer.SIZE ? symbol ^ Integer.MIN_VALUE : symbol; // in order
        }

        int bits(int packed, ByteSource source, String what) throws BonsaiFormatException {
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
            return size | sign << (format.bits() - 1);
        }
    }
}
