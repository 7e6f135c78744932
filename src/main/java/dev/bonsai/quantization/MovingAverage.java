package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.NamedValue;

/**
 * The range of all values, smoothed over the training steps.
 *
 * <p>A weight that has not changed since the last pass counts once: several batches that are added
 * up before a step of the optimizer are one step.
 */
record MovingAverage(float momentum) implements RangeEstimator {

    MovingAverage {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException(
                    "The momentum of a moving average lies in [0, 1), but got "
                            + momentum
                            + ": use 0.9f to average over some ten steps");
        }
    }

    @Override
    public String toString() {
        return NamedValue.call("movingAverage", momentum);
    }

    /** Without a past, the average is the present. */
    @Override
    public Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode) {
        return MinMax.INSTANCE.estimate(groups, quantizer, mode);
    }

    @Override
    public RangeEstimator start(NDArray groups, AffineQuantizer quantizer, NDManager state) {
        Range first = estimate(groups, quantizer, Mode.INFERENCE);
        first.low().attach(state);
        first.high().attach(state);
        return new Running(first.low(), first.high());
    }

    private final class Running implements RangeEstimator {

        private final NDArray low;
        private final NDArray high;
        private float lastSum = Float.NaN;

        Running(NDArray low, NDArray high) {
            this.low = low;
            this.high = high;
        }

        @Override
        public Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode) {
            if (mode == Mode.TRAINING && hasMoved(groups)) {
                Range current = MovingAverage.this.estimate(groups, quantizer, mode);
                low.muli(momentum).addi(current.low().mul(1 - momentum));
                high.muli(momentum).addi(current.high().mul(1 - momentum));
            }
            return new Range(copy(low, groups), copy(high, groups));
        }

        /** Tells whether the values are others than in the last training pass. */
        private boolean hasMoved(NDArray groups) {
            float sum = groups.sum().toFloatArray()[0];
            boolean moved = sum != lastSum;
            lastSum = sum;
            return moved;
        }

        private static NDArray copy(NDArray own, NDArray groups) {
            NDArray copy = own.duplicate();
            copy.attach(groups.getManager());
            return copy;
        }
    }
}
