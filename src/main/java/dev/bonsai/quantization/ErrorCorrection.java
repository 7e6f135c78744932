package dev.bonsai.quantization;

/** What is done about the errors of a group that do not cancel out. */
public enum ErrorCorrection {
    /** Every weight is rounded by itself. */
    NONE,
    /**
     * The weights of a group that were nearest to a tie are rounded the other way, as many as it
     * takes to bring the sum of the group's errors within half a step, or as many as there are. No
     * weight moves by more than a step; zeros, the ends of the range and what is on the grid stay.
     * A layer's outputs then keep their mean, at a small cost in squared error; it takes a sort of
     * the weight at every forward pass.
     *
     * <p>The idea is that of the bias correction in Banner et al.: "Post-training 4-bit
     * quantization of convolution networks for rapid-deployment", <a
     * href="https://arxiv.org/abs/1810.05723">arXiv:1810.05723</a>, which shifts all values: that
     * would leave the grid and move zero.
     */
    MEAN
}
