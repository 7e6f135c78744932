package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.NamedValue;
import dev.bonsai.core.Tensors;
import java.util.Arrays;
import java.util.Locale;

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

    @Override
    public RangeEstimator restore(float[] numbers, long groups, NDManager state) {
        if (numbers.length != 2 * groups + 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "a moving average of %d groups has %d numbers, but got %d: restore it"
                                    + " with the granularity that it was taken with",
                            groups,
                            2 * groups + 1,
                            numbers.length));
        }
        int count = (int) groups;
        Shape shape = new Shape(groups, 1);
        Running running =
                new Running(
                        Tensors.constant(state, Arrays.copyOf(numbers, count), shape),
                        Tensors.constant(
                                state, Arrays.copyOfRange(numbers, count, 2 * count), shape));
        running.lastSum = numbers[2 * count];
        return running;
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

        /** The low ends, the high ends, and the sum. */
        @Override
        public float[] getState() {
            float[] lows = low.toFloatArray();
            float[] numbers = Arrays.copyOf(lows, 2 * lows.length + 1);
            System.arraycopy(high.toFloatArray(), 0, numbers, lows.length, lows.length);
            numbers[2 * lows.length] = lastSum;
            return numbers;
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
