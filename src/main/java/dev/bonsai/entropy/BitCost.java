package dev.bonsai.entropy;

/** What bits take by their probabilities: the ideal length, which no coder can beat. */
final class BitCost implements BitCoder {

    /** The number of ones in 65,536 parts of a bit. */
    private static final double UNIT = 1 << 16;

    private static final int TABLE_BITS = 12;
    private static final int[] COSTS = new int[1 << TABLE_BITS];

    static {
        for (int i = 0; i < COSTS.length; ++i) {
            double bits = -StrictMath.log((i + 0.5) / COSTS.length) / StrictMath.log(2);
            COSTS[i] = (int) StrictMath.rint(bits * UNIT);
        }
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
        return COSTS[own >>> PRECISION - TABLE_BITS];
    }

    /** Returns what all bits took, in bits. */
    double bits() {
        return sum / UNIT;
    }
}
