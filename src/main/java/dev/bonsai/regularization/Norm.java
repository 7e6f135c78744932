package dev.bonsai.regularization;

/** What a {@link Regularization} keeps small. */
public enum Norm {
    /** The sum of the magnitudes: {@link Regularization#l1}. */
    L1,
    /** Half the sum of the squares: {@link Regularization#l2}. */
    L2,
    /** The bits of the coded weights: {@link Regularization#bits}. */
    BITS
}
