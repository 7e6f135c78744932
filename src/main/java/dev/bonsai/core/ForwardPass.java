package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

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

    /** What a forward pass is for. */
    enum Mode {
        /** A training step; its gradient will be asked for. */
        TRAINING,
        /** Validation, evaluation or prediction. */
        INFERENCE
    }
}
