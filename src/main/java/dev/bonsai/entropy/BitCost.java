package dev.bonsai.entropy;

/** What bits take by their probabilities: the ideal length, which no coder can beat. */
final class BitCost implements BitCoder {

    private static final double LN_2 = StrictMath.log(2);

    private long range = RangeEncoder.WHOLE;
    private long shifts;

    @Override
    public int code(int bit, int probability) {
        long share = (range >>> PRECISION) * probability;
        range = bit == 0 ? range - share : share;
        while (range < RangeEncoder.SHORTEST) {
            range <<= Byte.SIZE;
            ++shifts;
        }
        return bit;
    }

    /** Returns what all bits took, in bits. */
    double bits() {
        return bits(range, shifts);
    }

    /**
     * Returns what has made an interval as short as it is: of a bit, it takes the share that is the
     * bit's probability.
     *
     * @param range the length of the interval
     * @param shifts how often it was widened by a byte
     */
    static double bits(long range, long shifts) {
        double whole = RangeEncoder.WHOLE;
        return shifts * Byte.SIZE + StrictMath.log(whole / range) / LN_2;
    }
}
