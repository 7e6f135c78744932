package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ActivationTransform;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Learned;
import dev.bonsai.core.StateArray;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.ActivationGrid;
import java.util.List;

/**
 * Rounds an activation to a grid over a range that is gathered from batch to batch while the model
 * trains, and stands still in inference.
 */
final class RunningRange implements ActivationTransform {

    /** Where the estimator does not say how batches are joined. */
    private static final float MOMENTUM = 0.9f;

    private final ActivationRanges ranges;
    private final Parameter range;

    /**
     * Starts with a first value.
     *
     * @param ranges the options
     * @param name the name of the value
     * @param first the value of a batch
     * @param state the owner of what is kept
     */
    RunningRange(ActivationRanges ranges, String name, NDArray first, NDManager state) {
        this.ranges = ranges;
        range =
                Learned.kept(
                        name(name),
                        Tensors.constant(state, ranges.first(name, first), new Shape(2)));
    }

    /** Makes the transform again that has left a state. */
    RunningRange(ActivationRanges ranges, String name, StateArray from, NDManager state) {
        this.ranges = ranges;
        range = Learned.kept(name(name), from.toFloats(state, new Shape(2)));
    }

    private static String name(String value) {
        return value + "_range";
    }

    @Override
    public NDArray apply(NDArray value, ForwardPass pass) {
        boolean training = pass.mode() == Mode.TRAINING;
        NDManager owner = value.getManager();
        try (NDManager scratch = owner.newSubManager()) {
            NDArray exact = value.stopGradient();
            exact.attach(scratch);
            if (training) {
                gather(exact, pass.value(range), scratch);
                return ActivationRounding.straightThrough(value, grid(pass), scratch);
            }
            return ActivationRounding.of(exact, grid(pass), scratch).value(owner);
        }
    }

    private void gather(NDArray value, NDArray running, NDManager scratch) {
        float[] now = ranges.of(value);
        if (!Float.isFinite(now[0]) || !Float.isFinite(now[1])) {
            return; // the training has diverged, and the gate will undo it
        }
        float[] joined = running.toFloatArray();
        if (ranges.estimator() == RangeEstimator.minMax()) {
            joined[0] = Math.min(joined[0], now[0]);
            joined[1] = Math.max(joined[1], now[1]);
        } else {
            float momentum =
                    ranges.estimator() instanceof MovingAverage average
                            ? average.momentum()
                            : MOMENTUM;
            for (int i = 0; i < joined.length; ++i) {
                joined[i] = momentum * joined[i] + (1 - momentum) * now[i];
            }
        }
        Tensors.overwrite(running, Tensors.constant(scratch, joined, new Shape(2)));
    }

    @Override
    public ActivationGrid grid(ForwardPass pass) {
        float[] now = pass.value(range).toFloatArray();
        return ActivationGrid.of(ranges.bits(), now[0], now[1]);
    }

    @Override
    public List<Parameter> getParameters() {
        return List.of(range);
    }

    @Override
    public RunningRangeState getState() {
        return new RunningRangeState(ranges.bits(), Learned.values(range));
    }
}
