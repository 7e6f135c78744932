package dev.bonsai.entropy;

/** What a bit would take by its probability, from a table, for those who compare many. */
final class BitPrice {

    /** The prices of a bit that is even. */
    static final double UNIT = 1 << 16;

    private static final double LN_2 = StrictMath.log(2);

    private static final int TABLE_BITS = 12;

    /** Probabilities below this have a table of their own, with a place for each. */
    private static final int SMALL = 1 << TABLE_BITS;

    private static final int COARSE = BitCoder.PRECISION - TABLE_BITS;
    private static final int[] PRICES = prices(1 << COARSE, 0.5);
    private static final int[] SMALL_PRICES = prices(1, 0);

    private BitPrice() {}

    private static int[] prices(int step, double middle) {
        int[] prices = new int[SMALL];
        for (int i = 0; i < prices.length; ++i) {
            double probability = Math.max(1, (i + middle) * step) / (1 << BitCoder.PRECISION);
            prices[i] = (int) StrictMath.rint(-StrictMath.log(probability) / LN_2 * UNIT);
        }
        return prices;
    }

    /**
     * Returns what a bit takes.
     *
     * @param probability that of a 1, as a coder takes it
     * @return the ideal length, in parts of a bit of 2 to the power of -16
     */
    static int of(int bit, int probability) {
        int own = bit == 0 ? (1 << BitCoder.PRECISION) - probability : probability;
        return own < SMALL ? SMALL_PRICES[own] : PRICES[own >>> COARSE];
    }
}
