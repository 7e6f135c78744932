package dev.bonsai.entropy;

import java.util.Arrays;

/**
 * Predicts bits from several contexts at once, and learns from each bit.
 *
 * <p>A context is a place in a table ({@link LearnedBit}). What the contexts say is added up on the
 * logistic scale, with weights that follow the error (Mahoney, "Adaptive weighing of context models
 * for lossless data compression", 2005). All is computed in whole numbers.
 */
final class MixedBit {

    /** The bits of a weight behind the point. */
    private static final int WEIGHT_FRACTION = 16;

    /** What the contexts of a bit weigh together at first. */
    private static final int FIRST_WEIGHTS = 70_000;

    /** A weight moves by this part of the error times the vote. */
    private static final int RATE = 2;

    private static final int RATE_FRACTION = 20;
    private static final int ROUNDING = 1 << (RATE_FRACTION - 1);

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
        Arrays.fill(tables, LearnedBit.UNKNOWN);
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

    /**
     * Codes a bit in the contexts that were said.
     *
     * @param set the number of the set of weights
     * @return the bit
     */
    int code(BitCoder coder, int bit, int set) {
        int[] of = places; // fields would be read again for each input
        int[] said = votes;
        int[] table = tables;
        int[] weight = weights;
        int first = set * inputs;
        int probability = probability(first);
        int coded = coder.code(bit, probability);
        int error = ((coded << BitCoder.PRECISION) - probability) * RATE;
        for (int i = 0; i < of.length; ++i) {
            weight[first + i] += (int) (((long) said[i] * error + ROUNDING) >> RATE_FRACTION);
            table[of[i]] = LearnedBit.moved(table[of[i]], coded);
        }
        return coded;
    }

    /** Takes the votes of the contexts, and returns the probability of a 1 by them. */
    private int probability(int first) {
        int[] of = places;
        int[] said = votes;
        int[] table = tables;
        int[] weight = weights;
        long sum = 0;
        for (int i = 0; i < of.length; ++i) {
            int vote = Logistic.stretch(LearnedBit.probability(table[of[i]]));
            said[i] = vote;
            sum += (long) weight[first + i] * vote;
        }
        return Logistic.squash(sum >> WEIGHT_FRACTION);
    }

    /** Returns what a bit would take, see {@link BitPrice#of}; nothing is learned from it. */
    int price(int bit, int set) {
        return BitPrice.of(bit, probability(set * inputs));
    }
}
