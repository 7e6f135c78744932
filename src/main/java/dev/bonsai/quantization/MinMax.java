package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.bonsai.core.ForwardPass.Mode;

/** The range of all values; only the larger magnitude is looked for where the grid is symmetric. */
enum MinMax implements RangeEstimator {
    INSTANCE;

    private static final int[] ROWS = {1};
    private static final int SHORT = 32;
    private static final int LARGE = 1 << 16;

    @Override
    public Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode) {
        if (quantizer.mapping() == Mapping.SYMMETRIC) {
            NDArray bound = greatest(groups.abs());
            return new Range(bound.neg(), bound);
        }
        return all(groups);
    }

    static Range all(NDArray groups) {
        return new Range(greatest(groups.neg()).negi(), greatest(groups));
    }

    /**
     * Returns the greatest value of each row. The engine's maximum along an axis also finds where
     * it is and is slow; that of two arrays is not, so long rows are folded first.
     */
    private static NDArray greatest(NDArray rows) {
        NDArray folded = rows;
        long length = rows.getShape().get(1);
        while (length > SHORT && length % 2 == 0 && rows.size() > LARGE) {
            NDList halves = folded.split(2, 1);
            folded = halves.get(0).maximum(halves.get(1));
            length /= 2;
        }
        return folded.max(ROWS, true);
    }

    @Override
    public String toString() {
        return "minMax";
    }
}
