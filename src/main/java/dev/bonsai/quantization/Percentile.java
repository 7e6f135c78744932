package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.NamedValue;

/** The range without its outliers, counted among the elements that are not pruned. */
record Percentile(float percent) implements RangeEstimator {

    Percentile {
        if (!(percent > 50 && percent <= 100)) {
            throw new IllegalArgumentException(
                    "A percentile lies in (50, 100], but got "
                            + percent
                            + ": use 99.9f to leave out a thousandth at either end");
        }
    }

    @Override
    public String toString() {
        return NamedValue.call("percentile", percent);
    }

    @Override
    public Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode) {
        // 64 bits, or 1 - 99.9 % of 1000 elements would be rounded down to none; 1e-9 likewise.
        double share = (100 - Double.parseDouble(Float.toString(percent))) / 100;
        NDArray present = groups.neq(0f).toType(DataType.FLOAT64, false).sum(new int[] {1}, true);
        NDArray left = present.muli(share).addi(1e-9).floor().toType(DataType.INT64, false);
        int most = (int) Math.floor(groups.getShape().get(1) * share + 1e-9);
        return new Range(
                groups.topK(most + 1, 1, false, true).get(0).gather(left, 1),
                groups.topK(most + 1, 1, true, true).get(0).gather(left, 1));
    }
}
