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
    private final int contexts;

    /**
     * @param contexts the number of contexts of each of two kinds
     */
    NumberModel(int contexts) {
        this(
                contexts,
                new MixedBit(1, MOST_BITS * contexts, MOST_BITS * contexts),
                new LearnedBit(MOST_BITS << PREDICTED));
    }

    private NumberModel(int contexts, MixedBit more, LearnedBit digits) {
        this.contexts = contexts;
        this.more = more;
        this.digits = digits;
    }

    NumberModel copy() {
        return new NumberModel(contexts, more.copy(), digits.copy());
    }

    /** Codes a number below 2 to the power of 31. */
    int code(BitCoder coder, int number, int first, int second) {
        long value = number + 1L;
        int length = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
        int bits = 0;
        while (bits < MOST_BITS - 1 && more(coder, bits < length, bits, first, second)) {
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

    /** Returns what a number would take, see {@link BitCost#of}; nothing is learned from it. */
    long price(int number, int first, int second) {
        long value = number + 1L;
        int length = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
        long price = 0;
        for (int bits = 0; bits <= Math.min(length, MOST_BITS - 2); ++bits) {
            more.context(0, bits * contexts + first);
            more.context(1, bits * contexts + second);
            price += more.price(bits < length ? 1 : 0, 0);
        }
        long known = 1;
        for (int i = length - 1; i >= 0; --i) {
            int bit = (int) (value >>> i & 1);
            price +=
                    length - i > PREDICTED
                            ? BitCost.of(bit, BitCoder.EVEN)
                            : digits.price(bit, length << PREDICTED | (int) known);
            known = known << 1 | bit;
        }
        return price;
    }

    private boolean more(BitCoder coder, boolean isMore, int bits, int first, int second) {
        more.context(0, bits * contexts + first);
        more.context(1, bits * contexts + second);
        return more.code(coder, isMore ? 1 : 0, 0) == 1;
    }
}
