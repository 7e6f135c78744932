package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.bonsai.core.ForwardPass;

/** Leaves out the same fraction of the values at either end. */
record Percentile(float percentile) implements RangeEstimator {

    Percentile {
        if (!(percentile > 50 && percentile <= 100)) {
            throw new IllegalArgumentException(
                    "A percentile lies in (50, 100], but got " + percentile);
        }
    }

    @Override
    public Range estimate(NDArray matrix, AffineQuantizer quantizer, ForwardPass.Mode mode) {
        NDArray sorted = matrix.sort(1);
        long last = matrix.getShape().get(1) - 1;
        long high = (long) Math.ceil(last * (percentile / 100.0));
        return new Range(column(sorted, last - high), column(sorted, high));
    }

    private static NDArray column(NDArray matrix, long column) {
        return matrix.get(new NDIndex(":, {}:{}", column, column + 1));
    }
}
