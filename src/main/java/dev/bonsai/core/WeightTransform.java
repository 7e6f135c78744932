package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.bonsai.encoding.EncodedWeight;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Turns what a weight was into what the forward pass sees, and says how that is stored.
 *
 * <p>The contract, tested for every transform: the result has the shape and type of the input; the
 * input is untouched; an exact zero stays exactly {@code +0}; applying it twice equals applying it
 * once; the gradient passes as if the transform were the identity, or is 0 where the weight is
 * masked or, if the technique says so, clipped. Noise that a training pass adds on purpose is
 * exempt from all but the shape and the zeros.
 *
 * <p>A transform that changes gradients, or latent weights after a step, is a {@link StepHook} too;
 * one that may be done to the latent weight itself is a {@link Projection}.
 */
public interface WeightTransform {

    /**
     * Computes the effective weight, as a part of the gradient's graph.
     *
     * <p>The input belongs to a short-lived manager, and so does everything computed from it as the
     * first operand: nothing need be closed, and only the result outlives the call. A state array
     * of the transform must not be a first operand, or its results pile up in the state's manager.
     *
     * @param weight the latent weight, or the result of the transform before this one
     * @param pass the forward pass that asks
     * @return the effective weight; the input itself if nothing is changed
     */
    NDArray apply(NDArray weight, ForwardPass pass);

    /**
     * Encodes a weight as this transform leaves it.
     *
     * <p>Decoding the result equals, bit for bit, what {@link #apply} makes of the decoded input in
     * an inference pass.
     *
     * @param weight the latent weight, or the encoding left by the transform before this one
     * @param manager a short-lived manager for intermediate arrays
     * @return the encoded effective weight
     */
    EncodedWeight encode(EncodedWeight weight, NDManager manager);

    /**
     * Returns the bits that tell one element's value from another's behind this transform, without
     * encoding anything; the encoding has at most as many.
     *
     * @param given the bits of the weight that the transform is given, 32 at first
     * @return the bits, from 1 to 32; by default those that are given
     */
    default int bits(int given) {
        return given;
    }

    /**
     * Returns the scales of the grid that an inference pass rounds a weight to: a bias is rounded
     * by them where activations are rounded too.
     *
     * @param weight the latent weight, or the result of the transform before this one
     * @param pass the forward pass that asks
     * @return the scales; empty, as by default, where there is no symmetric grid
     */
    default Optional<WeightScales> scales(NDArray weight, ForwardPass pass) {
        return Optional.empty();
    }

    /**
     * Returns the parameters of the transform's own that are trained along with the model's, made
     * by {@link Learned#parameter}. They are kept and rolled back with the latent weights.
     *
     * @return the parameters; none by default
     */
    default List<Parameter> getParameters() {
        return List.of();
    }

    /**
     * Returns what the transform has decided and learned so far, of which {@link Technique#restore}
     * makes one that goes on where this one stands.
     *
     * <p>Large arrays of the engine may be views, see {@link StateArray}: write the state down
     * before the training goes on.
     *
     * @return a record
     * @throws UnsupportedOperationException by default: a transform of one's own need not have any
     */
    default TransformState getState() {
        throw new UnsupportedOperationException(
                String.format(
                        Locale.ROOT,
                        "The transform %s has no state that can be written down: have its getState"
                                + " return a record that implements TransformState, and let the"
                                + " technique restore it, or train without checkpoints",
                        getClass().getName()));
    }
}
