package dev.bonsai.core;

/** What can be gathered about a weight while the model trains. */
public enum Signal {
    /** The sum over the steps of the gradient's absolute value. */
    GRADIENT_MAGNITUDE,
    /** The sum over the steps of weight times gradient. */
    WEIGHT_TIMES_GRADIENT
}
