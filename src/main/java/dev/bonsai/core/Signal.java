package dev.bonsai.core;

/** What can be gathered about a weight while the model trains. */
public enum Signal {
    /** The sum over the steps of the gradient's absolute value. */
    GRADIENT_MAGNITUDE,
    /** The sum over the steps of weight times gradient. */
    WEIGHT_TIMES_GRADIENT,
    /** The sum over the steps of the square of weight times gradient. */
    WEIGHT_TIMES_GRADIENT_SQUARED,
    /**
     * The mean absolute value of the input that each element of a weight is multiplied with, over
     * samples and positions of the first batches of an epoch; for linear and convolutional blocks.
     */
    INPUT_MAGNITUDE
}
