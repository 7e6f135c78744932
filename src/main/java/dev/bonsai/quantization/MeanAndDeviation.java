package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.NamedValue;

/** The mean and some standard deviations of the elements that are not pruned, to either side. */
record MeanAndDeviation(float deviations) implements RangeEstimator {

    private static final int[] ROWS = {1};

    MeanAndDeviation {
        if (!(deviations > 0 && deviations < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The number of standard deviations is finite and greater than 0, but got "
                            + deviations
                            + ": use 3f to clip little");
        }
    }

    @Override
    public String toString() {
        return NamedValue.call("meanAndDeviation", deviations);
    }

    @Override
    public Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode) {
        NDArray present = groups.neq(0f).toType(DataType.FLOAT32, false);
        NDArray count = present.sum(ROWS, true).maximum(1f);
        NDArray mean = groups.sum(ROWS, true).divi(count);
        NDArray variance = groups.sub(mean).square().muli(present).sum(ROWS, true).divi(count);
        NDArray reach = variance.sqrt().muli(deviations);
        Range all = MinMax.all(groups);
        return new Range(mean.sub(reach).maximum(all.low()), mean.add(reach).minimum(all.high()));
    }
}
