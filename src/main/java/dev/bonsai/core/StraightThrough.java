package dev.bonsai.core;

import ai.djl.ndarray.NDArray;

/**
 * The straight-through estimator: the value of one array with the gradient of another.
 *
 * <p>Bengio, Léonard, Courville: "Estimating or Propagating Gradients Through Stochastic Neurons
 * for Conditional Computation", <a href="https://arxiv.org/abs/1308.3432">arXiv:1308.3432</a>.
 */
public final class StraightThrough {

    private StraightThrough() {}

    /**
     * Returns {@code effective + (weight - stop(weight))}: bit for bit the effective value (a
     * negative zero becomes {@code +0}), with the gradient 1 towards the weight.
     *
     * <p>The difference is exactly zero because it is taken first; {@code weight + (effective -
     * weight)} would round.
     *
     * @param effective the value, of the weight's shape, computed outside the graph; it is
     *     overwritten and returned
     * @param weight the array that receives the gradient; it must be finite
     * @return the effective array, now a part of the weight's graph; nothing else is left behind
     */
    public static NDArray of(NDArray effective, NDArray weight) {
        try (NDArray stopped = weight.stopGradient();
                NDArray zero = weight.sub(stopped)) {
            return effective.addi(zero);
        }
    }

    /**
     * Returns {@code effective + factors * (weight - stop(weight))}: the effective value, with the
     * given gradients towards the weight.
     *
     * @param effective the value, as in {@link #of}
     * @param weight the array that receives the gradient; it must be finite
     * @param factors what the gradient of each element is multiplied by, finite and in native
     *     memory
     * @return the effective array, now a part of the weight's graph
     */
    public static NDArray scaled(NDArray effective, NDArray weight, NDArray factors) {
        try (NDArray stopped = weight.stopGradient();
                NDArray zero = weight.sub(stopped);
                NDArray scaled = zero.mul(factors)) {
            return effective.addi(scaled);
        }
    }
}
