package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.NamedValue;

/** So many root mean squares of the elements that are not pruned, to either side of zero. */
record RootMeanSquare(float reach) implements RangeEstimator {

    private static final int[] ROWS = {1};

    RootMeanSquare {
        if (!(reach > 0 && reach < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "The reach is finite and greater than 0, but got "
                            + reach
                            + ": use 7f for 4 bits whose steps are as wide as the values are"
                            + " large");
        }
    }

    @Override
    public String toString() {
        return NamedValue.call("rootMeanSquare", reach);
    }

    @Override
    public Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode) {
        NDArray present = groups.neq(0f).toType(DataType.FLOAT32, false);
        NDArray count = present.sum(ROWS, true).maximum(1f);
        NDArray high = groups.square().sum(ROWS, true).divi(count).sqrt().muli(reach);
        return new Range(high.neg(), high);
    }
}
