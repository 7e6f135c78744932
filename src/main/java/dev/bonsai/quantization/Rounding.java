package dev.bonsai.quantization;

/** How a number between two codes becomes one of them. */
public sealed interface Rounding {

    /**
     * To the nearest code, a tie to the even one.
     *
     * @return the rounding
     */
    static Rounding nearestEven() {
        return new NearestEven();
    }

    /**
     * Up or down at random, each with the probability that keeps the mean: {@code floor(x + u)}
     * with {@code u} uniform in [0, 1). A code stays itself. In training every pass draws anew;
     * inference always draws the same.
     *
     * <p>Gupta et al.: "Deep Learning with Limited Numerical Precision", <a
     * href="https://arxiv.org/abs/1502.02551">arXiv:1502.02551</a>.
     *
     * @param seed determines all draws; no global random state is touched
     * @return the rounding
     */
    static Rounding stochastic(long seed) {
        return new Stochastic(seed);
    }

    /** To the nearest code. */
    record NearestEven() implements Rounding {}

    /**
     * At random.
     *
     * @param seed the seed
     */
    record Stochastic(long seed) implements Rounding {}
}
