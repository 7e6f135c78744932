package dev.bonsai.entropy;

/** What bits take by their probabilities: the ideal length, which no coder can beat. */
final class BitCost implements BitCoder {

    /** The number of ones in 65,536 parts of a bit. */
    static final double UNIT = 1 << 16;

    private static final double LN_2 = StrictMath.log(2);

    private static final int TABLE_BITS = 12;

    /** Probabilities below this have a table of their own, with a place for each. */
    private static final int SMALL = 1 << TABLE_BITS;

    private static final int COARSE = BitCoder.PRECISION - TABLE_BITS;
    private static final int[] COSTS = costs(1 << COARSE, 0.5);
    private static final int[] SMALL_COSTS = costs(1, 0);

    private static int[] costs(int step, double middle) {
        int[] costs = new int[SMALL];
        for (int i = 0; i < costs.length; ++i) {
            double probability = Math.max(1, (i + middle) * step) / (1 << PRECISION);
            costs[i] = (int) StrictMath.rint(-StrictMath.log(probability) / LN_2 * UNIT);
        }
        return costs;
    }

    private long sum;

    @Override
    public int code(int bit, int probability) {
        sum += of(bit, probability);
        return bit;
    }

    /** Returns what a bit takes, in parts of a bit of 2 to the power of -16. */
    static int of(int bit, int probability) {
        int own = bit == 0 ? (1 << PRECISION) - probability : probability;
        if (own == EVEN) {
            return 1 << PRECISION; // raw bits are many
        }
        return own < SMALL ? SMALL_COSTS[own] : COSTS[own >>> COARSE];
    }

    /** Returns what all bits took, in bits. */
    double bits() {
        return sum / UNIT;
    }
}
