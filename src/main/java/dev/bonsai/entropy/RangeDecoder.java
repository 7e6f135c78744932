package dev.bonsai.entropy;

/**
 * Reads what a {@link RangeEncoder} wrote. Behind its end a stream goes on with zeros, so that any
 * bytes can be read; {@link #isOverrun} tells when they were too few.
 */
final class RangeDecoder implements BitCoder {

    /** The bytes that are read before they are needed. */
    private static final int AHEAD = RangeEncoder.BITS / Byte.SIZE;

    private final byte[] bytes;
    private int position;
    private long code;
    private long range = RangeEncoder.WHOLE;

    RangeDecoder(byte[] bytes) {
        this.bytes = bytes;
        for (int i = 0; i < AHEAD; ++i) {
            shift();
        }
    }

    @Override
    public int code(int bit, int probability) {
        long share = (range >>> PRECISION) * probability;
        long rest = code - share;
        // all bits or none: a branch on what can't be foreseen takes longer
        long isOne = rest >> (Long.SIZE - 1);
        range = (share & isOne) | ((range - share) & ~isOne);
        code = rest + (share & isOne);
        int read = (int) -isOne;
        while (range < RangeEncoder.SHORTEST) {
            shift();
            range <<= Byte.SIZE;
        }
        return read;
    }

    private void shift() {
        code = code << Byte.SIZE | (position < bytes.length ? bytes[position] & 0xff : 0);
        position = Math.min(position + 1, bytes.length + AHEAD + 1);
    }

    double bits() {
        return BitCost.bits(range, position - AHEAD);
    }

    /** Returns the number of bytes of which all bits are read. */
    int position() {
        return Math.max(0, Math.min(bytes.length, position - AHEAD));
    }

    /** Tells whether more was read than a whole stream has. */
    boolean isOverrun() {
        return position > bytes.length + AHEAD;
    }

    /** Tells whether all bytes were read, if perhaps not all of their bits. */
    boolean isAtEnd() {
        return position >= bytes.length;
    }
}
