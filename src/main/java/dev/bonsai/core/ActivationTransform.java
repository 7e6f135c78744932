package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import dev.bonsai.encoding.ActivationGrid;
import java.util.List;
import java.util.Locale;

/**
 * Rounds a value that a model computes on its way from the input to the output, in every pass.
 *
 * <p>The result has the shape and type of the value, which is untouched; zero becomes exactly
 * {@code +0}; applying it twice equals applying it once, as long as nothing is learned between.
 * What it keeps that changes while the model trains are {@link #getParameters() parameters}, so
 * that it is kept, rolled back and predicted with like the weights.
 */
public interface ActivationTransform {

    /**
     * Rounds a value, as a part of the gradient's graph.
     *
     * @param value the value, which belongs to a short-lived manager
     * @param pass the forward pass; only one for training may change what is kept
     * @return a new array, which belongs to the manager of the value; nothing else is left in it
     */
    NDArray apply(NDArray value, ForwardPass pass);

    /**
     * Returns what the value is rounded to in inference.
     *
     * @param pass knows the parameters
     * @return the grid
     */
    ActivationGrid grid(ForwardPass pass);

    /**
     * Returns the parameters of the transform's own: those that are learned, made by {@link
     * Learned#parameter}, and others that the transform itself changes in training passes, made by
     * {@link Learned#kept}.
     *
     * @return the parameters; none by default
     */
    default List<Parameter> getParameters() {
        return List.of();
    }

    /**
     * Returns what the transform has decided and learned so far, as {@link
     * WeightTransform#getState()} does.
     *
     * @return a record, of which {@link Technique#restoreActivations} makes a transform again
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
