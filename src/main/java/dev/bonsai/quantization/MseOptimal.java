package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass;

/** The fraction of the full range with the least mean squared error, group by group. */
record MseOptimal() implements RangeEstimator {

    private static final int[] COLUMNS = {1};
    private static final int CANDIDATES = 20;

    /** The narrowest range tried: a twentieth of the full one. */
    private static final float NARROWEST = 0.05f;

    @Override
    public Range estimate(NDArray matrix, AffineQuantizer quantizer, ForwardPass.Mode mode) {
        Range all = new MinMax().estimate(matrix, quantizer, mode);
        NDArray bestRatio = all.low().onesLike();
        NDArray bestError = error(matrix, quantizer, all);
        for (int i = 1; i < CANDIDATES; ++i) {
            float ratio = 1 - i * (1 - NARROWEST) / CANDIDATES;
            NDArray error = error(matrix, quantizer, scaled(all, ratio));
            NDArray better = error.lt(bestError).toType(error.getDataType(), false);
            bestRatio = bestRatio.sub(better.mul(bestRatio.sub(ratio)));
            bestError = bestError.minimum(error);
        }
        return new Range(all.low().mul(bestRatio), all.high().mul(bestRatio));
    }

    private static Range scaled(Range range, float ratio) {
        return new Range(range.low().mul(ratio), range.high().mul(ratio));
    }

    private static NDArray error(NDArray matrix, AffineQuantizer quantizer, Range range) {
        try (NDManager scratch = matrix.getManager().newSubManager()) {
            NDArray values = matrix.stopGradient();
            values.attach(scratch);
            NDArray effective =
                    quantizer.fakeQuantize(values, quantizer.parameters(range.low(), range.high()));
            NDArray error = values.sub(effective).square().mean(COLUMNS, true);
            error.attach(matrix.getManager());
            return error;
        }
    }
}
