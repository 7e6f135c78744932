package dev.bonsai;

import dev.bonsai.quantization.ActivationQuantization;
import dev.bonsai.quantization.RangeEstimator;
import dev.bonsai.quantization.Scales;
import java.util.function.UnaryOperator;

/** Every way in which the ranges of activations are found, for laws that hold for all. */
public enum EveryRange {
    MIN_MAX(b -> b.optRangeEstimator(RangeEstimator.minMax())),
    MOVING_AVERAGE(b -> b.optRangeEstimator(RangeEstimator.movingAverage(0.8f))),
    PERCENTILE(b -> b.optRangeEstimator(RangeEstimator.percentile(99.5f))),
    DEVIATION(b -> b.optRangeEstimator(RangeEstimator.meanAndDeviation(4))),
    ROOT_MEAN_SQUARE(b -> b.optRangeEstimator(RangeEstimator.rootMeanSquare(4))),
    LEAST_ERROR(b -> b.optRangeEstimator(RangeEstimator.mse())),
    LEARNED(b -> b.optScales(Scales.LEARNED));

    @SuppressWarnings("ImmutableEnumChecker") // a function without a state
    private final UnaryOperator<ActivationQuantization.Builder> option;

    EveryRange(UnaryOperator<ActivationQuantization.Builder> option) {
        this.option = option;
    }

    /** Returns the technique at a width. */
    public ActivationQuantization technique(int bits) {
        return option.apply(ActivationQuantization.builder().setBits(bits)).build();
    }
}
