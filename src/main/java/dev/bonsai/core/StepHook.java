package dev.bonsai.core;

import ai.djl.ndarray.NDArray;

/**
 * What a {@link WeightTransform} does between a backward pass and the next forward pass, where it
 * does anything then: it implements this interface too.
 *
 * <p>All methods work in place, outside any graph. Results of operators on the arrays that are
 * handed over belong to a short-lived manager, and need not be closed.
 */
public interface StepHook {

    /**
     * Changes the gradient that the optimizer will see: after the backward pass, before the step.
     *
     * @param latent the latent weight, which must not be changed here
     * @param gradient the gradient of the loss with respect to it, of its shape, to be changed in
     *     place
     * @param pass gives the transform's own parameters, whose gradients may be changed likewise
     */
    default void beforeStep(NDArray latent, NDArray gradient, ForwardPass pass) {}

    /**
     * Changes the latent weight after the optimizer's step: before the next forward pass, or before
     * the gate judges the epoch.
     *
     * @param latent the latent weight, to be changed in place
     */
    default void afterStep(NDArray latent) {}

    /**
     * Takes back what {@link #beforeStep} has done to a gradient that is not used yet: another
     * transform takes the place of this one between two batches of one step, and its own {@link
     * #beforeStep} is given the sum of both.
     *
     * @param gradient the gradient of the batches of the step so far, to be changed in place
     */
    default void leave(NDArray gradient) {}
}
