package dev.bonsai.quantization;

/** Where the scales of a grid come from, and which values they may take. */
public enum Scales {
    /** The scale that spans the range, taken from the weights at every forward pass. */
    FREE,
    /**
     * The same, rounded up to a power of two: nothing in the range is clipped, and integer hardware
     * multiplies by a scale with a shift. A step is up to twice as wide.
     */
    POWER_OF_TWO,
    /**
     * Learned step size quantization (LSQ): the scales are parameters that the user's optimizer
     * trains along with the weights, so that the grid ends where the loss wants it to; made for 4
     * bits and fewer.
     *
     * <p>With {@code v = w / s} and codes from {@code -Q} to {@code Q}, the effective weight is
     * {@code round(clamp(v, -Q, Q)) s}. Its gradient towards the scale is {@code round(v) - v}
     * inside the range and {@code -Q} or {@code Q} at its ends and beyond, times {@code 1 / sqrt(N
     * Q)} for a group of N weights. Towards the weight it is 1 inside the range, both ends
     * included, and 0 beyond, as in the paper and unlike the other scales: what is clipped is left
     * where it is.
     *
     * <p>What is trained is the logarithm of the scale over its start, so that scales stay
     * positive, Adam's steps suit them, and weight decay draws them to the start; its gradient is
     * that of the scale divided by the scale, with which a small step of gradient descent moves the
     * scale as in the paper. The start is the scale of the range estimator, by default the one with
     * the least squared error: {@code 2 mean|w| / sqrt(Q)}, the paper's, is several times too wide
     * at 8 bits. A group of zeros starts at 1.
     *
     * <p>Esser et al.: "Learned Step Size Quantization", <a
     * href="https://arxiv.org/abs/1902.08153">arXiv:1902.08153</a>.
     */
    LEARNED
}
