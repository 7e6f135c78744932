package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass;

/** The extremes, averaged over the training passes. */
record MovingAverage(float momentum) implements RangeEstimator {

    MovingAverage {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException(
                    "The momentum of a moving average lies in [0, 1), but got " + momentum);
        }
    }

    @Override
    public Range estimate(NDArray matrix, AffineQuantizer quantizer, ForwardPass.Mode mode) {
        return new MinMax().estimate(matrix, quantizer, mode);
    }

    @Override
    public RangeEstimator forWeight(NDManager manager) {
        return new Running(manager);
    }

    private final class Running implements RangeEstimator {

        private final NDManager manager;
        private NDArray low;
        private NDArray high;

        Running(NDManager manager) {
            this.manager = manager;
        }

        @Override
        public Range estimate(NDArray matrix, AffineQuantizer quantizer, ForwardPass.Mode mode) {
            if (low == null || mode == ForwardPass.Mode.TRAINING) {
                update(MovingAverage.this.estimate(matrix, quantizer, mode));
            }
            NDManager scratch = matrix.getManager();
            return new Range(alias(low, scratch), alias(high, scratch));
        }

        private void update(Range now) {
            if (low == null) {
                low = now.low();
                high = now.high();
                low.attach(manager);
                high.attach(manager);
            } else {
                low.muli(momentum).addi(now.low().mul(1 - momentum));
                high.muli(momentum).addi(now.high().mul(1 - momentum));
            }
        }

        private static NDArray alias(NDArray array, NDManager scratch) {
            NDArray alias = array.stopGradient();
            alias.attach(scratch);
            return alias;
        }
    }
}
