package dev.bonsai.quantization;

/** Where the grid lies relative to zero. */
public enum Mapping {
    /**
     * Zero is code 0 and the grid reaches equally far to both sides: b bits have the codes from
     * {@code -(2^(b-1) - 1)} to {@code 2^(b-1) - 1}. The choice for weights, and the fast one.
     */
    SYMMETRIC,
    /**
     * The grid spans the range as it is, widened to include 0, with a code of its own for zero: b
     * bits have the codes from {@code -2^(b-1)} to {@code 2^(b-1) - 1}. Finer where weights lie to
     * one side of zero.
     */
    AFFINE
}
