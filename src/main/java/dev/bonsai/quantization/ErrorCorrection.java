package dev.bonsai.quantization;

/** Whether the quantization error is adjusted after rounding. */
public enum ErrorCorrection {
    /** Each weight is rounded by itself. */
    NONE,
    /**
     * The mean error of each group of weights that share a scale is brought to within half a step
     * divided by the size of the group, as far as its elements allow: the weights closest to the
     * middle between two codes go to the other code.
     *
     * <p>The usual correction adds the mean error to the weights (Banner et al. 2019, <a
     * href="https://arxiv.org/abs/1810.05723">arXiv:1810.05723</a>). That would leave the grid and
     * move zero; choosing other roundings does neither.
     */
    MEAN
}
