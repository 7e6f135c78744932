package dev.bonsai.entropy;

import java.util.Arrays;

/**
 * Writes bits in as many bytes as their probabilities say, and at most two more (Martin, "Range
 * encoding", 1979).
 *
 * <p>What was written so far is an interval, of which {@code low} is the start and {@code range}
 * the length. A bit takes its share of it, a 1 the lower part. Bytes that are settled leave at the
 * top; a carry goes into those that have left.
 */
final class RangeEncoder implements BitCoder {

    /** The bits of the interval. */
    static final int BITS = 48;

    /** The interval is widened by a byte when it has become shorter than this. */
    static final long SHORTEST = 1L << (BITS - Byte.SIZE);

    /** The interval at the start, and what is kept of {@code low}. */
    static final long WHOLE = (1L << BITS) - 1;

    /** What a JVM gives for one array. */
    private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

    private byte[] bytes;
    private int size;
    private long low;
    private long range = WHOLE;

    /**
     * @param expected the bytes to take memory for; more are taken when they are needed
     */
    RangeEncoder(int expected) {
        bytes = new byte[expected];
    }

    @Override
    public int code(int bit, int probability) {
        long share = (range >>> PRECISION) * probability;
        long isOne = -bit;
        low += share & ~isOne;
        range = (share & isOne) | ((range - share) & ~isOne);
        while (range < SHORTEST) {
            shift();
            range <<= Byte.SIZE;
        }
        return bit;
    }

    /**
     * Ends the last interval.
     *
     * @return the bytes, without zeros at the end of the last {@link #BITS}, which a reader adds;
     *     nothing may be written after
     */
    byte[] finish() {
        long last = low + range - 1;
        long ending = last;
        for (int bits = BITS; bits >= 0; bits -= Byte.SIZE) {
            long rounded = last >>> bits << bits;
            if (rounded >= low) {
                ending = rounded;
                break;
            }
        }
        low = ending;
        int settled = size;
        for (int i = 0; i < BITS / Byte.SIZE; ++i) {
            shift();
        }
        while (size > settled && bytes[size - 1] == 0) {
            --size;
        }
        return Arrays.copyOf(bytes, size);
    }

    private void shift() {
        if (low > WHOLE) {
            int i = size - 1;
            while (++bytes[i] == 0) { // never before the first: the whole is below 1
                --i;
            }
            low &= WHOLE;
        }
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, grown());
        }
        bytes[size++] = (byte) (low >>> (BITS - Byte.SIZE));
        low = (low << Byte.SIZE) & WHOLE;
    }

    private int grown() {
        if (size == MOST_BYTES) {
            throw new IllegalArgumentException(
                    "A .bonsai file has less than 2 GiB, but the model takes more: compress it"
                            + " further, or write it in several files");
        }
        return (int) Math.min(64L + size + (size >> 2), MOST_BYTES);
    }
}
