package dev.bonsai.runtime.arithmetic;

/** A function of one number. Each is within 1e-5 of the exact result, relative to it. */
public enum Function {
    /** The exponential function. */
    EXP,
    /** The hyperbolic tangent. */
    TANH,
    /** The logistic function, 1 / (1 + exp(-x)). */
    SIGMOID,
    /** The error function. */
    ERF,
    /** The Gaussian error linear unit, x (1 + erf(x / sqrt(2))) / 2. */
    GELU
}
