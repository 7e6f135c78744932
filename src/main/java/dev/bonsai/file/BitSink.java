package dev.bonsai.file;

/** Bits into bytes, the lowest bit first. */
final class BitSink {

    private final ByteSink bytes;
    private long pending;
    private int filled;

    BitSink(ByteSink bytes) {
        this.bytes = bytes;
    }

    /** Appends the low bits of a value that has no others; at most 32. */
    void write(long value, int width) {
        pending |= value << filled;
        filled += width;
        while (filled >= 8) {
            bytes.u8((int) pending);
            pending >>>= 8;
            filled -= 8;
        }
    }

    /** Appends that many ones, and a zero. */
    void unary(int ones) {
        int rest = ones;
        for (; rest >= 31; rest -= 31) {
            write(0x7fffffffL, 31);
        }
        write((1L << rest) - 1, rest + 1);
    }

    /** Fills the last byte with zeros. */
    void finish() {
        if (filled > 0) {
            bytes.u8((int) pending);
            pending = 0;
            filled = 0;
        }
    }
}
