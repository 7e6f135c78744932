package dev.bonsai.quantization;

/** How a range of real numbers is laid on integers. */
public enum Mapping {
    /** Zero lies at code 0 and the codes are {@code -(2^(b-1) - 1) .. 2^(b-1) - 1}. */
    SYMMETRIC,
    /**
     * The range, widened to include zero, is laid on all of {@code -2^(b-1) .. 2^(b-1) - 1}; the
     * zero point is the integer nearest to where zero falls, so that zero stays exact.
     */
    AFFINE
}
