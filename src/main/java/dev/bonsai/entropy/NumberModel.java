package dev.bonsai.entropy;

/**
 * Numbers from 0 on, of which small ones are likely: how many bits n + 1 has, one by one, then
 * those below its highest (Elias' gamma code, with learned probabilities).
 */
final class NumberModel {

    /** The most bits of n + 1, so that any other stream ends. */
    private static final int MOST_BITS = 32;

    /** The bits below the highest that are predicted; the others are as they are. */
    private static final int PREDICTED = 3;

    private final MixedBit more;
    private final LearnedBit digits;

    NumberModel() {
        this(new MixedBit(1, MOST_BITS, MOST_BITS), new LearnedBit(MOST_BITS << PREDICTED));
    }

    private NumberModel(MixedBit more, LearnedBit digits) {
        this.more = more;
        this.digits = digits;
    }

    NumberModel copy() {
        return new NumberModel(more.copy(), digits.copy());
    }

    /** Codes a number below 2 to the power of 31. */
    int code(BitCoder coder, int number) {
        long value = number + 1L;
        int length = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
        int bits = 0;
        while (bits < MOST_BITS - 1 && more(coder, bits < length, bits)) {
            ++bits;
        }
        long coded = 1;
        for (int i = bits - 1; i >= 0; --i) {
            int bit = (int) (value >>> i & 1);
            if (bits - i > PREDICTED) {
                coded = coded << 1 | coder.code(bit, BitCoder.EVEN);
            } else {
                int context = bits << PREDICTED | (int) coded;
                coded = coded << 1 | digits.code(coder, bit, context);
            }
        }
        return (int) (coded - 1);
    }

    private boolean more(BitCoder coder, boolean isMore, int bits) {
        more.context(0, bits);
        more.context(1, bits);
        return more.code(coder, isMore ? 1 : 0, 0) == 1;
    }
}
