package dev.bonsai.file;

/** Bits from bytes, the lowest bit first; takes no byte before it is needed. */
final class BitSource {

    private final ByteSource bytes;
    private final String what;
    private long pending;
    private int filled;

    BitSource(ByteSource bytes, String what) {
        this.bytes = bytes;
        this.what = what;
    }

    /** Returns the next bits as an unsigned number; at most 32. */
    long read(int width) throws BonsaiFormatException {
        while (filled < width) {
            pending |= (long) bytes.u8(what) << filled;
            filled += 8;
        }
        long value = pending & ((1L << width) - 1);
        pending >>>= width;
        filled -= width;
        return value;
    }

    /** Returns the number of ones before the next zero. */
    int unary(int max) throws BonsaiFormatException {
        int ones = 0;
        while (read(1) == 1) {
            if (++ones > max) {
                throw bytes.error(what + " lead beyond the end of the weight");
            }
        }
        return ones;
    }
}
