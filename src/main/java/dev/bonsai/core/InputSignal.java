package dev.bonsai.core;

import ai.djl.ndarray.NDArray;

/**
 * What the inputs of a linear or convolutional block tell about the elements of its weight: the
 * mean of a term over samples and positions, in the first steps of an epoch.
 */
@FunctionalInterface
public non-sealed interface InputSignal extends Signal {

    /**
     * Computes what is averaged.
     *
     * @param input the input of a block in one forward pass, outside any graph, which must not be
     *     changed
     * @return a new array of the shape of the input, such as its square
     */
    NDArray term(NDArray input);

    @Override
    default boolean isGatheredOf(TargetWeight weight) {
        return true;
    }
}
