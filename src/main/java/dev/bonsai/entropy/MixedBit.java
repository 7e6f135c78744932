package dev.bonsai.entropy;

import java.util.Arrays;

/**
 * Predicts bits from several contexts at once, and learns from each bit.
 *
 * <p>A context is a place in a table that holds how likely a 1 is there. What the contexts say is
 * added up on the logistic scale, with weights that follow the error (Mahoney, "Adaptive weighing
 * of context models for lossless data compression", 2005). All is computed in whole numbers.
 */
final class MixedBit {

    /** A place holds a probability of 22 bits, and below it how many bits came, up to a limit. */
    private static final int COUNT_BITS = 10;

    private static final int COUNTS = (1 << COUNT_BITS) - 1;
    private static final int ONE = (1 << Integer.SIZE - COUNT_BITS) - 1;
    private static final int HALF = 1 << Integer.SIZE - 1;

    /** From that many bits on the newest has the same share in a probability. */
    private static final int LIMIT = 255;

    /** The share of bit n in the probability of its place: 65,536 / (n + 1.5). */
    private static final int[] SHARES = new int[LIMIT + 1];

    static {
        for (int n = 0; n <= LIMIT; ++n) {
            SHARES[n] = (2 << 16) / (2 * n + 3);
        }
    }

    /** The bits of a weight behind the point. */
    private static final int WEIGHT_FRACTION = 16;

    /** What the contexts of a bit weigh together at first. */
    private static final int FIRST_WEIGHTS = 70_000;

    /** A weight moves by this part of the error times the vote. */
    private static final int RATE = 2;

    private static final int RATE_FRACTION = 20;
    private static final int ROUNDING = 1 << RATE_FRACTION - 1;

    private final int inputs;
    private final int[] tables;
    private final int[] starts;
    private final int[] weights;
    private final int[] places;
    private final int[] votes;

    /**
     * @param sets how many sets of weights there are to choose from
     * @param sizes the number of contexts of each input
     */
    MixedBit(int sets, int... sizes) {
        inputs = sizes.length;
        starts = new int[inputs];
        int total = 0;
        for (int i = 0; i < inputs; ++i) {
            starts[i] = total;
            total += sizes[i];
        }
        tables = new int[total];
        Arrays.fill(tables, HALF);
        weights = new int[sets * inputs];
        Arrays.fill(weights, FIRST_WEIGHTS / inputs);
        places = new int[inputs];
        votes = new int[inputs];
    }

    private MixedBit(MixedBit other) {
        inputs = other.inputs;
        starts = other.starts;
        tables = other.tables.clone();
        weights = other.weights.clone();
        places = new int[inputs];
        votes = new int[inputs];
    }

    /** Returns one that has learned the same, and learns on by itself. */
    MixedBit copy() {
        return new MixedBit(this);
    }

    /** Says in which of its contexts an input is. */
    void context(int input, int context) {
        places[input] = starts[input] + context;
    }

    /** Returns the probability of a 1 in the contexts that were said, as a coder takes it. */
    int probability(int set) {
        int first = set * inputs;
        long sum = 0;
        for (int i = 0; i < inputs; ++i) {
            int vote = Logistic.stretch(tables[places[i]] >>> Integer.SIZE - BitCoder.PRECISION);
            votes[i] = vote;
            sum += (long) weights[first + i] * vote;
        }
        return Logistic.squash(sum >> WEIGHT_FRACTION);
    }

    /**
     * Codes a bit in the contexts that were said.
     *
     * @param set the number of the set of weights
     * @return the bit
     */
    int code(BitCoder coder, int bit, int set) {
        int probability = probability(set);
        int coded = coder.code(bit, probability);
        int error = ((coded << BitCoder.PRECISION) - probability) * RATE;
        int first = set * inputs;
        for (int i = 0; i < inputs; ++i) {
            weights[first + i] += (int) ((long) votes[i] * error + ROUNDING >> RATE_FRACTION);
            tables[places[i]] = moved(tables[places[i]], coded);
        }
        return coded;
    }

    private static int moved(int place, int bit) {
        int count = place & COUNTS;
        int probability = place >>> COUNT_BITS;
        int distance = (ONE & -bit) - probability;
        probability += (int) ((long) distance * SHARES[count] >> 16);
        return probability << COUNT_BITS | Math.min(count + 1, LIMIT);
    }
}
