package dev.bonsai.entropy;

import java.util.Arrays;

/**
 * Predicts bits from one context: a table of places, each of which holds how likely a 1 is there.
 * The nth bit of a place moves it by 1 / (n + 1.5) of the error, as if a half of each bit had come
 * before (Krichevsky and Trofimov, 1981), and at least by 1 / 256.5.
 */
final class LearnedBit {

    /** The share of bit n in the probability of its place, in parts of 65,536. */
    private static final int[] SHARES = new int[256];

    static {
        for (int n = 0; n < SHARES.length; ++n) {
            SHARES[n] = (2 << 16) / (2 * n + 3);
        }
    }

    /** A place holds a probability of 22 bits, and below it how many bits came, up to a limit. */
    private static final int COUNT_BITS = 10;

    private static final int COUNTS = (1 << COUNT_BITS) - 1;
    private static final int ONE = (1 << (Integer.SIZE - COUNT_BITS)) - 1;

    /** A place about which nothing is known. */
    static final int UNKNOWN = 1 << (Integer.SIZE - 1);

    private final int[] places;

    /**
     * @param contexts the number of contexts
     */
    LearnedBit(int contexts) {
        this(new int[contexts]);
        Arrays.fill(places, UNKNOWN);
    }

    private LearnedBit(int[] places) {
        this.places = places;
    }

    LearnedBit copy() {
        return new LearnedBit(places.clone());
    }

    int code(BitCoder coder, int bit, int context) {
        int coded = coder.code(bit, Math.max(1, probability(places[context])));
        places[context] = moved(places[context], coded);
        return coded;
    }

    /** Returns what a bit would take, see {@link BitPrice#of}; nothing is learned from it. */
    int price(int bit, int context) {
        return BitPrice.of(bit, Math.max(1, probability(places[context])));
    }

    /** Returns the probability of a 1 at a place, as a coder takes it, but perhaps 0. */
    static int probability(int place) {
        return place >>> (Integer.SIZE - BitCoder.PRECISION);
    }

    /** Returns what a place is after a bit. */
    static int moved(int place, int bit) {
        int count = place & COUNTS;
        int probability = place >>> COUNT_BITS;
        int distance = (ONE & -bit) - probability;
        probability += (int) (((long) distance * SHARES[count]) >> 16);
        return probability << COUNT_BITS | Math.min(count + 1, SHARES.length - 1);
    }
}
