package dev.bonsai.core;

import ai.djl.ndarray.NDArray;

/**
 * A {@link WeightTransform} that training survives in place: the latent weight itself may be
 * overwritten with the effective one between two steps, as is true of a mask and not of rounding.
 *
 * <p>Where projections stand at the head of a weight's chain, the latent weight is projected before
 * a training pass, outside the graph, and the pass reads it as it is. {@link #apply} serves all
 * other passes. The optimizer may move what has been projected away, by its gradient or without
 * one; it is projected again before it is read.
 */
public interface Projection extends WeightTransform {

    /**
     * Overwrites a latent weight with what {@link #apply} makes of it, bit for bit.
     *
     * @param latent the latent weight, outside any graph, to be changed in place; whatever is
     *     computed besides must be closed
     */
    void project(NDArray latent);
}
