package dev.bonsai.lowbit;

/** The size of a weight that {@link Ternarization} does not set to zero. */
public enum TernaryScale {
    /**
     * The mean of the magnitudes of the channel's elements that are above the threshold: the
     * outermost dimension is that of the channels.
     */
    PER_CHANNEL,
    /** The mean of the magnitudes of all elements above the threshold, as in the paper. */
    PER_TENSOR,
    /** Two sizes for the whole weight, for positive and negative elements, that are trained. */
    TRAINED
}
