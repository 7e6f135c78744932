package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.util.Optional;

/** What a transform may know about the forward pass that asks for a weight. */
public interface ForwardPass {

    /**
     * Returns what the pass is for. Random choices are made only in training; an inference pass
     * gives the same result every time.
     *
     * @return the mode
     */
    Mode mode();

    /**
     * Returns the value of a parameter that belongs to the transform, such as a learned scale. The
     * user's optimizer trains it like a parameter of the model.
     *
     * @param own an initialised parameter that is owned by the transform's state
     * @return its array on the device of the pass
     */
    NDArray value(Parameter own);

    /**
     * Offers memory for a large effective weight, so that it need not be taken from the system anew
     * in every pass.
     *
     * @param weight the weight that the transform was given
     * @return an array of its shape, outside any graph, with any finite values, which is the
     *     transform's to change and to return; empty where there is none
     */
    default Optional<NDArray> workspace(NDArray weight) {
        return Optional.empty();
    }

    /**
     * Returns the scales of the grid that the transform before this one has rounded the weight to,
     * for a transform that goes on from there.
     *
     * @return the scales; empty, as by default, where no transform is before, or its values lie on
     *     no symmetric grid
     */
    default Optional<WeightScales> scales() {
        return Optional.empty();
    }

    /** What a forward pass is for. */
    enum Mode {
        /** A training step; its gradient will be asked for. */
        TRAINING,
        /** Validation, evaluation or prediction. */
        INFERENCE
    }
}
