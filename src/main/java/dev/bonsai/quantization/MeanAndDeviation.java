package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.ForwardPass;

/** The mean plus and minus some standard deviations, within the extremes. */
record MeanAndDeviation(float deviations) implements RangeEstimator {

    private static final int[] COLUMNS = {1};

    MeanAndDeviation {
        if (!(deviations > 0) || Float.isInfinite(deviations)) {
            throw new IllegalArgumentException(
                    "The number of standard deviations is finite and more than 0, but got "
                            + deviations);
        }
    }

    @Override
    public Range estimate(NDArray matrix, AffineQuantizer quantizer, ForwardPass.Mode mode) {
        Range all = new MinMax().estimate(matrix, quantizer, mode);
        NDArray mean = matrix.mean(COLUMNS, true);
        NDArray reach = matrix.sub(mean).square().mean(COLUMNS, true).sqrt().muli(deviations);
        return new Range(all.low().maximum(mean.sub(reach)), all.high().minimum(mean.add(reach)));
    }
}
