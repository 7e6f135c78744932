package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.ForwardPass;

/** From the smallest to the largest value. */
record MinMax() implements RangeEstimator {

    private static final int[] COLUMNS = {1};

    @Override
    public Range estimate(NDArray matrix, AffineQuantizer quantizer, ForwardPass.Mode mode) {
        return new Range(matrix.min(COLUMNS, true), matrix.max(COLUMNS, true));
    }

    @Override
    public boolean coversAll() {
        return true;
    }
}
