package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Learned;
import dev.bonsai.core.NamedValue;
import dev.bonsai.core.Tensors;
import java.util.Arrays;
import java.util.List;
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
        float[] low = first.low().toFloatArray();
        float[] numbers = Arrays.copyOf(low, 2 * low.length + 1);
        System.arraycopy(first.high().toFloatArray(), 0, numbers, low.length, low.length);
        numbers[2 * low.length] = Float.NaN; // no sum yet
        return new Running(numbers, state);
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
        return new Running(numbers, state);
    }

    private final class Running implements RangeEstimator {

        /** The low ends, the high ends, and the sum of the values in the last training pass. */
        private final Parameter numbers;

        Running(float[] first, NDManager state) {
            numbers =
                    Learned.kept(
                            "movingAverage",
                            Tensors.constant(state, first, new Shape(first.length)));
        }

        /** As it is, outside any training. */
        @Override
        public Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode) {
            return range(getState(), groups.getManager());
        }

        @Override
        public Range estimate(NDArray groups, AffineQuantizer quantizer, ForwardPass pass) {
            NDArray kept = pass.value(numbers);
            float[] now = kept.toFloatArray();
            if (pass.mode() == Mode.TRAINING) {
                float sum = groups.sum().toFloatArray()[0];
                if (sum != now[now.length - 1]) { // the weight has moved since the last pass
                    join(now, MovingAverage.this.estimate(groups, quantizer, pass.mode()));
                    now[now.length - 1] = sum;
                    NDArray joined = Tensors.constant(groups.getManager(), now, kept.getShape());
                    Tensors.overwrite(kept, joined);
                }
            }
            return range(now, groups.getManager());
        }

        private void join(float[] running, Range current) {
            float[] low = current.low().toFloatArray();
            float[] high = current.high().toFloatArray();
            for (int i = 0; i < low.length; ++i) {
                running[i] = momentum * running[i] + (1 - momentum) * low[i];
                int end = low.length + i;
                running[end] = momentum * running[end] + (1 - momentum) * high[i];
            }
        }

        private static Range range(float[] numbers, NDManager manager) {
            int count = numbers.length / 2;
            Shape shape = new Shape(count, 1);
            return new Range(
                    Tensors.constant(manager, Arrays.copyOf(numbers, count), shape),
                    Tensors.constant(
                            manager, Arrays.copyOfRange(numbers, count, 2 * count), shape));
        }

        @Override
        public List<Parameter> getParameters() {
            return List.of(numbers);
        }

        @Override
        public float[] getState() {
            return numbers.getArray().toFloatArray();
        }
    }
}
