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
        this(new MixedBit(1, MOST_BITS, MOST_BITS), newDigits());
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
        return digits(coder, digits, (int) value, bits) - 1;
    }

    /**
     * Codes the bits below the highest, the first of which are predicted.
     *
     * @param bits how many bits there are below the highest
     * @return the value, which is unsigned
     */
    static int digits(BitCoder coder, LearnedBit digits, int value, int bits) {
        int raw = Math.max(0, bits - PREDICTED);
        int coded = 1;
        for (int i = bits - 1; i >= raw; --i) {
            coded = coded << 1 | digits.code(coder, value >>> i & 1, bits << PREDICTED | coded);
        }
        return coded << raw | coder.raw(value, raw);
    }

    /** Returns what {@link #digits} would take, see {@link BitPrice#of}. */
    static long priceOfDigits(LearnedBit digits, int value, int bits) {
        int raw = Math.max(0, bits - PREDICTED);
        long price = (long) raw * BitPrice.of(0, BitCoder.EVEN);
        int known = 1;
        for (int i = bits - 1; i >= raw; --i) {
            int bit = value >>> i & 1;
            price += digits.price(bit, bits << PREDICTED | known);
            known = known << 1 | bit;
        }
        return price;
    }

    /** Returns what {@link #digits} learns in. */
    static LearnedBit newDigits() {
        return new LearnedBit(MOST_BITS << PREDICTED);
    }

    private boolean more(BitCoder coder, boolean isMore, int bits) {
        more.context(0, bits);
        more.context(1, bits);
        return more.code(coder, isMore ? 1 : 0, 0) == 1;
    }
}
