package dev.bonsai.file;

/**
 * Integers in as many bits each as their range needs.
 *
 * <p>A byte for the width, less than 128, a zigzag varint for the smallest value (left out where
 * the width is 32), then {@code value - smallest} of each. Where one value is known not to occur,
 * those above it move down by one: -1 and 1 take one bit each. An empty array takes no byte.
 */
final class PackedInts {

    /** Says that every value can occur. */
    static final long NONE = Long.MIN_VALUE;

    private PackedInts() {}

    static void write(int[] values, long absent, ByteSink sink) {
        if (values.length == 0) {
            return;
        }
        int low = Integer.MAX_VALUE;
        int high = Integer.MIN_VALUE;
        for (int value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        int width = Long.SIZE - Long.numberOfLeadingZeros(symbol(high, low, absent));
        ByteSink lowBytes = new ByteSink();
        lowBytes.zigzag(low);
        if (lowBytes.size() + bytes(values.length, width) >= bytes(values.length, Integer.SIZE)) {
            width = Integer.SIZE;
        }
        sink.u8(width);
        if (width == Integer.SIZE) {
            for (int value : values) {
                sink.int32(value);
            }
            return;
        }
        sink.append(lowBytes);
        BitSink bits = new BitSink(sink);
        for (int value : values) {
            bits.write(symbol(value, low, absent), width);
        }
        bits.finish();
    }

    static int[] read(ByteSource source, int count, long absent, String what)
            throws BonsaiFormatException {
        if (count == 0) {
            return new int[0];
        }
        int width = source.u8(what);
        if (width > Integer.SIZE) {
            throw source.error(what + " have at most 32 bits each, but the file says " + width);
        }
        int low = width == Integer.SIZE ? 0 : source.zigzag(what);
        source.need(bytes(count, width), what);
        int[] values = new int[count];
        BitSource bits = new BitSource(source, what);
        for (int i = 0; i < count; ++i) {
            values[i] =
                    width == Integer.SIZE
                            ? source.int32(what)
                            : value(bits.read(width), low, absent, source, what);
        }
        return values;
    }

    private static long symbol(int value, int low, long absent) {
        long symbol = (long) value - low;
        return absent >= low && value > absent ? symbol - 1 : symbol;
    }

    private static int value(long symbol, int low, long absent, ByteSource source, String what)
            throws BonsaiFormatException {
        long value = symbol + low;
        value = absent >= low && value >= absent ? value + 1 : value;
        if (value > Integer.MAX_VALUE) {
            throw source.error(what + " have 32 bits, but the file has " + value);
        }
        return (int) value;
    }

    private static long bytes(int count, int width) {
        return ((long) count * width + 7) / 8;
    }
}
