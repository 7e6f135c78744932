package dev.bonsai.statistics;

/** The smallest drop that samples can show. */
public final class Detectable {

    private static final double POWER = 0.8;

    private Detectable() {}

    /**
     * Returns the true drop that a one-sided test finds in 80 of 100 sets of samples.
     *
     * <p>It is {@code (z(1 - alpha) + z(0.8)) standardError}: 2.49 standard errors at 5 %.
     *
     * @param standardError the standard error of a drop
     * @param alpha the chance with which the test may err
     * @return the drop
     */
    public static double drop(double standardError, double alpha) {
        return (Tails.normalQuantile(alpha) + Tails.normalQuantile(1 - POWER)) * standardError;
    }

    /**
     * Returns the same where each sample is right or wrong.
     *
     * @param differing the fraction of samples on which two states differ
     * @param samples the number of samples
     * @param alpha the chance with which the test may err
     * @return {@code 2.49 sqrt(differing / samples)} at 5 %
     */
    public static double drop(double differing, long samples, double alpha) {
        return drop(Math.sqrt(differing / samples), alpha);
    }
}
