package dev.bonsai.file;

import java.util.function.IntConsumer;

/**
 * Integers in as many bits each as their range needs.
 *
 * <p>A byte for the width, less than 128, a zigzag varint for the smallest value (left out where
 * the width is 32), then {@code value - smallest} of each. Where one value is known not to occur,
 * those above it move down by one: -1 and 1 take one bit each. An empty array takes no byte.
 */
final class PackedInts implements Coded {

    /** Says that every value can occur. */
    static final long NONE = Long.MIN_VALUE;

    private final IntSequence values;
    private final long absent;
    private final int low;
    private final int width;

    private PackedInts(IntSequence values, long absent, int low, int width) {
        this.values = values;
        this.absent = absent;
        this.low = low;
        this.width = width;
    }

    /**
     * Decides on the width.
     *
     * @param absent a value that does not occur, or {@link #NONE}
     */
    static PackedInts of(IntSequence values, long absent) {
        Range range = new Range();
        values.forEach(range);
        int width =
                values.count() == 0
                        ? 0
                        : Long.SIZE
                                - Long.numberOfLeadingZeros(symbol(range.high, range.low, absent));
        boolean whole =
                zigzagBytes(range.low) + bytes(values.count(), width)
                        >= bytes(values.count(), Integer.SIZE);
        return new PackedInts(values, absent, range.low, whole ? Integer.SIZE : width);
    }

    static void write(int[] values, ByteSink sink) {
        of(IntSequence.of(values), NONE).write(sink);
    }

    @Override
    public long bytes() {
        if (values.count() == 0) {
            return 0;
        }
        int lowest = width == Integer.SIZE ? 0 : zigzagBytes(low);
        return 1 + lowest + bytes(values.count(), width);
    }

    @Override
    public void write(ByteSink sink) {
        if (values.count() == 0) {
            return;
        }
        sink.u8(width);
        if (width == Integer.SIZE) {
            values.forEach(sink::int32);
            return;
        }
        sink.zigzag(low);
        BitSink bits = new BitSink(sink);
        values.forEach(value -> bits.write(symbol(value, low, absent), width));
        bits.finish();
    }

    private static int zigzagBytes(int value) {
        ByteSink sink = new ByteSink();
        sink.zigzag(value);
        return sink.size();
    }

    private static final class Range implements IntConsumer {

        private int low = Integer.MAX_VALUE;
        private int high = Integer.MIN_VALUE;

        @Override
        public void accept(int value) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
    }

    static int[] read(ByteSource source, int count, String what) throws BonsaiFormatException {
        IntSource packed = open(source, count, NONE, what);
        int[] values = new int[count];
        int[] at = {0};
        packed.read(value -> values[at[0]++] = value);
        return values;
    }

    /**
     * Checks that the bytes of integers are there.
     *
     * @param absent a value that does not occur, or {@link #NONE}
     */
    static IntSource open(ByteSource source, int count, long absent, String what)
            throws BonsaiFormatException {
        if (count == 0) {
            return target -> {};
        }
        int width = source.u8(what);
        if (width > Integer.SIZE) {
            throw source.error(what + " have at most 32 bits each, but the file says " + width);
        }
        int low = width == Integer.SIZE ? 0 : source.zigzag(what);
        source.need(bytes(count, width), what);
        BitSource bits = new BitSource(source, what);
        return target -> {
            for (int i = 0; i < count; ++i) {
                target.accept(
                        width == Integer.SIZE
                                ? source.int32(what)
                                : value(bits.read(width), low, absent, source, what));
            }
        };
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
