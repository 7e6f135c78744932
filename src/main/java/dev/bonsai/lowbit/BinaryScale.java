package dev.bonsai.lowbit;

/** The size of a weight of which {@link Binarization} has left the sign. */
public enum BinaryScale {
    /**
     * The mean of the magnitudes of the channel's elements: the outermost dimension is that of the
     * channels. Of all sizes this one is nearest to the weights.
     */
    PER_CHANNEL,
    /** The mean of the magnitudes of all elements. */
    PER_TENSOR,
    /**
     * 1, as in BinaryConnect. The network needs a normalisation (batch or layer) behind such a
     * layer, and to be trained with signs from the start.
     */
    UNIT
}
