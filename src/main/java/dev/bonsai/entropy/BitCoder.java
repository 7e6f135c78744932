package dev.bonsai.entropy;

/**
 * Codes bits, each with the probability that a model gives it.
 *
 * <p>Writing, reading and counting are the same walk over the same model: a writer takes the bit
 * and gives it back, a reader ignores it and gives the one that was written, and a counter adds up
 * what the bit takes. So a model has no two halves that could differ.
 */
interface BitCoder {

    /** A probability is given in parts of 2 to the power of this. */
    int PRECISION = 16;

    /** The probability of a bit about which nothing is known. */
    int EVEN = 1 << (PRECISION - 1);

    /**
     * Codes a bit.
     *
     * @param bit 0 or 1; a reader does not look at it
     * @param probability that of a 1, from 1 to 65,535
     * @return the bit
     */
    int code(int bit, int probability);

    /**
     * Codes the lowest bits of a number as they are, the highest first.
     *
     * @param value the number; a reader does not look at it
     * @param count how many bits, from 0 to 32
     * @return these bits of the number
     */
    default int raw(int value, int count) {
        int coded = 0;
        for (int i = count - 1; i >= 0; --i) {
            coded = coded << 1 | code(value >>> i & 1, EVEN);
        }
        return coded;
    }
}
