package dev.bonsai.lowbit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * The means of magnitudes, one for each row of a matrix, in 64-bit floats: there the mean of equal
 * 32-bit floats is that number exactly (up to 2^29 of them), which makes mapping twice the same as
 * mapping once.
 */
final class Magnitudes {

    private static final int[] ROW = {1};

    private final NDArray values;

    /**
     * @param matrix the elements, of shape (groups, elements)
     */
    Magnitudes(NDArray matrix) {
        values = matrix.abs().toType(DataType.FLOAT64, false);
    }

    private Magnitudes(NDArray values, NDArray keep) {
        this.values = values.mul(keep);
    }

    /** Returns the mean of what is not zero, of shape (groups, 1); 1 where all are zero. */
    NDArray mean() {
        NDArray count = values.gt(0).toType(DataType.FLOAT64, false).sum(ROW, true);
        NDArray none = count.eq(0).toType(DataType.FLOAT64, false);
        return values.sum(ROW, true).addi(none).divi(count.add(none));
    }

    /** Tells which elements are above a threshold: 64-bit ones and zeros. */
    NDArray above(NDArray threshold) {
        return values.gt(threshold).toType(DataType.FLOAT64, false);
    }

    /** Returns these magnitudes with zeros in place of those that are not kept. */
    Magnitudes only(NDArray keep) {
        return new Magnitudes(values, keep);
    }
}
