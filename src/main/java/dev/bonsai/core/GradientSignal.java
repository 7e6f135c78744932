package dev.bonsai.core;

import ai.djl.ndarray.NDArray;

/**
 * What the gradients of an epoch tell about the elements of a weight: a term for each step of the
 * optimizer, and how the terms are put together; by default they are added up.
 *
 * <pre>{@code
 * record RecentGradients(float momentum) implements GradientSignal {
 *
 *     public NDArray term(NDArray latent, NDArray gradient) {
 *         return gradient.abs();
 *     }
 *
 *     public void accumulate(NDArray total, NDArray term, long steps) {
 *         total.muli(momentum).addi(term.muli(1 - momentum));
 *     }
 * }
 * }</pre>
 */
@FunctionalInterface
public non-sealed interface GradientSignal extends Signal {

    /**
     * Computes what one step tells.
     *
     * <p>Both arrays, and what is computed from them, belong to a short-lived manager and are
     * outside any graph.
     *
     * @param latent the latent weight, which must not be changed
     * @param gradient the gradient that the optimizer is about to see, of all batches since its
     *     last step; it must not be changed
     * @return a new array of the weight's shape
     */
    NDArray term(NDArray latent, NDArray gradient);

    /**
     * Takes in the term of a step.
     *
     * @param total what the steps of the epoch have told so far, to be changed in place; zeros at
     *     first
     * @param term the term, which may be changed
     * @param steps the steps of the epoch, this one included: with {@code
     *     total.addi(term.subi(total).divi(steps))} the total is the mean
     */
    default void accumulate(NDArray total, NDArray term, long steps) {
        total.addi(term);
    }

    @Override
    default boolean isGatheredOf(TargetWeight weight) {
        return !weight.isFrozen();
    }
}
