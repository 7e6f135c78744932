package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass.Mode;

/** The range with the least squared error; of equally good ones the widest. */
enum MeanSquaredError implements RangeEstimator {
    INSTANCE;

    private static final int WIDEST = 32;
    private static final int NARROWEST = 8;

    @Override
    public Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode) {
        Range all = MinMax.INSTANCE.estimate(groups, quantizer, mode);
        NDArray ratio = all.low().onesLike();
        NDArray least = error(groups, quantizer, all);
        for (int i = WIDEST - 1; i >= NARROWEST; --i) {
            float candidate = (float) i / WIDEST;
            NDArray error = error(groups, quantizer, scaled(all, candidate));
            NDArray better = error.lt(least);
            ratio = NDArrays.where(better, ratio.zerosLike().addi(candidate), ratio);
            least = least.minimum(error);
        }
        return new Range(all.low().mul(ratio), all.high().mul(ratio));
    }

    private static Range scaled(Range range, float ratio) {
        return new Range(range.low().mul(ratio), range.high().mul(ratio));
    }

    /** The squared error of each group; what it takes to find it is closed at once. */
    private static NDArray error(NDArray groups, AffineQuantizer quantizer, Range range) {
        NDManager owner = groups.getManager();
        try (NDManager scratch = owner.newSubManager()) {
            NDArray values = groups.stopGradient();
            values.attach(scratch);
            QuantizationParameters parameters = quantizer.parameters(range.low(), range.high());
            NDArray error = quantizer.fakeQuantize(values, parameters).subi(values);
            NDArray sum = error.muli(error).sum(new int[] {1}, true);
            sum.attach(owner);
            return sum;
        }
    }

    @Override
    public String toString() {
        return "mse";
    }
}
