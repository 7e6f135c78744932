package dev.bonsai.entropy;

/**
 * Magnitudes from 1 on: the length of the magnitude less 1 in bits, and then these bits below the
 * highest.
 *
 * <p>The length is found from the one that the row lets expect, step by step up or down, so that it
 * takes about two bits to code whether codes are narrow or wide.
 */
final class MagnitudeModel {

    private static final int SIZES = CodeContexts.SIZES;

    /** The longest magnitude less 1, so that any other stream ends. */
    private static final int LONGEST = 31;

    /** Rows of smaller codes begin at the length 0, of which most is known. */
    private static final int WIDE = 24;

    /** What half the size of a row is more than the length to begin at. */
    private static final int ABOVE = 10;

    /** Whether the length is more than 0. */
    private final MixedBit more;

    /** Whether it is more than another one. */
    private final MixedBit longer;

    private final LearnedBit digits;

    /**
     * @param more in the contexts that {@link CodeModel.Contexts#say} says
     */
    MagnitudeModel(MixedBit more) {
        this(
                more,
                new MixedBit(1, (LONGEST + 1) * SIZES, 2 * (LONGEST + 1) * SIZES),
                NumberModel.newDigits());
    }

    private MagnitudeModel(MixedBit more, MixedBit longer, LearnedBit digits) {
        this.more = more;
        this.longer = longer;
        this.digits = digits;
    }

    MagnitudeModel copy() {
        return new MagnitudeModel(more.copy(), longer.copy(), digits.copy());
    }

    /**
     * Codes a magnitude.
     *
     * @param magnitude from 1 to 2^31, the largest as the lowest integer
     */
    int code(BitCoder coder, int magnitude, CodeModel.Contexts contexts) {
        int value = magnitude - 1;
        int bits = length(coder, Integer.SIZE - Integer.numberOfLeadingZeros(value), contexts);
        return bits == 0 ? 1 : NumberModel.digits(coder, digits, value, bits - 1) + 1;
    }

    /** Returns what a magnitude would take, see {@link BitPrice#of}; nothing is learned from it. */
    long price(int magnitude, CodeModel.Contexts contexts) {
        int value = magnitude - 1;
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(value);
        long price = priceOfLength(bits, contexts);
        return bits < 2 ? price : price + NumberModel.priceOfDigits(digits, value, bits - 1);
    }

    private long priceOfLength(int length, CodeModel.Contexts contexts) {
        int start = start(contexts);
        long price = 0;
        int at = start;
        while (at < LONGEST) {
            price += priceOfLonger(length, at, 1, contexts);
            if (length <= at) {
                break;
            }
            ++at;
        }
        if (at == start) {
            for (; at > 0; --at) {
                price += priceOfLonger(length, at - 1, 0, contexts);
                if (length == at) {
                    break;
                }
            }
        }
        return price;
    }

    private long priceOfLonger(int length, int than, int way, CodeModel.Contexts contexts) {
        int bit = length > than ? 1 : 0;
        if (than == 0) {
            contexts.say(more);
            return more.price(bit, contexts.set());
        }
        sayLonger(than, way, contexts);
        return longer.price(bit, 0);
    }

    private int length(BitCoder coder, int length, CodeModel.Contexts contexts) {
        int start = start(contexts);
        int at = start;
        while (at < LONGEST && isLonger(coder, length, at, 1, contexts)) {
            ++at;
        }
        if (at == start) {
            while (at > 0 && !isLonger(coder, length, at - 1, 0, contexts)) {
                --at;
            }
        }
        return at;
    }

    /** Codes whether a length is more than another one, on the way up (1) or down (0). */
    private boolean isLonger(
            BitCoder coder, int length, int than, int way, CodeModel.Contexts contexts) {
        int bit = length > than ? 1 : 0;
        if (than == 0) {
            contexts.say(more);
            return more.code(coder, bit, contexts.set()) == 1;
        }
        sayLonger(than, way, contexts);
        return longer.code(coder, bit, 0) == 1;
    }

    private void sayLonger(int than, int way, CodeModel.Contexts contexts) {
        longer.context(0, than * SIZES + contexts.row());
        longer.context(1, (2 * than + way) * SIZES + contexts.column());
    }

    private static int start(CodeModel.Contexts contexts) {
        return contexts.row() < WIDE ? 0 : contexts.row() / 2 - ABOVE;
    }
}
