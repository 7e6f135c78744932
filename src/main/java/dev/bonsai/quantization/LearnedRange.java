package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ActivationTransform;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Learned;
import dev.bonsai.core.StraightThrough;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.ActivationGrid;
import java.util.List;

/**
 * Rounds an activation to a grid whose scale is trained, see {@link Scales#LEARNED}. The zero point
 * stands still: 0 where no value of the first batch was negative, as behind a ReLU, and the middle
 * of the grid elsewhere.
 */
final class LearnedRange implements ActivationTransform {

    private final ActivationGrid start;

    /** The logarithm of the scale over its start. */
    private final Parameter growth;

    /**
     * Starts with a first value.
     *
     * @param ranges the options
     * @param name the name of the value
     * @param first the value of a batch
     * @param state the owner of what is kept
     */
    LearnedRange(ActivationRanges ranges, String name, NDArray first, NDManager state) {
        float[] range = ranges.first(name, first);
        boolean isSigned = range[0] < 0;
        int highest = ActivationGrid.highestCode(ranges.bits());
        int zero = isSigned ? (highest + 1) / 2 : 0;
        double above = (double) range[1] / (highest - zero);
        double scale = isSigned ? Math.max(above, -(double) range[0] / zero) : above;
        start = new ActivationGrid(ranges.bits(), bounded(scale == 0 ? 1 : scale, highest), zero);
        growth = Learned.parameter(name(name), state.zeros(new Shape(1)));
    }

    /** Makes the transform again that has left a state. */
    LearnedRange(String name, LearnedRangeState from, NDManager state) {
        start = new ActivationGrid(from.bits(), from.scale(), from.zeroPoint());
        growth = Learned.parameter(name(name), from.growth().toFloats(state, new Shape(1)));
    }

    private static String name(String value) {
        return value + "_scale";
    }

    private static float bounded(double scale, int highest) {
        return (float) Math.max(Float.MIN_NORMAL, Math.min(Float.MAX_VALUE / highest, scale));
    }

    @Override
    public NDArray apply(NDArray value, ForwardPass pass) {
        NDManager owner = value.getManager();
        try (NDManager scratch = owner.newSubManager()) {
            NDArray exact = value.stopGradient();
            exact.attach(scratch);
            ActivationGrid grid = grid(pass);
            ActivationRounding rounding = ActivationRounding.of(exact, grid, scratch);
            NDArray rounded = rounding.value(owner);
            if (pass.mode() != Mode.TRAINING) {
                return rounded;
            }
            NDArray inside = rounding.inside();
            NDArray grown = Tensors.constant(scratch, 0).add(pass.value(growth));
            NDArray zero = grown.sub(grown.stopGradient());
            NDArray slope = rounding.whole().sub(rounding.exact().mul(inside));
            slope.muli(Tensors.constant(scratch, gradientScale(value.getShape(), grid)));
            return StraightThrough.scaled(rounded, value, inside).addi(zero.mul(slope));
        }
    }

    /**
     * The one of the paper, for a step of the scale itself: 1 / sqrt(elements of a sample * steps
     * above zero), by the scale, as its logarithm is what is trained.
     */
    private static float gradientScale(Shape shape, ActivationGrid grid) {
        double elements = Math.max(1, (double) shape.size() / Math.max(1, shape.get(0)));
        int above = Math.max(1, grid.highestCode() - grid.zeroPoint());
        return (float) (1 / Math.sqrt(elements * above) / grid.scale());
    }

    /** In Java, so that every device has the same scale. */
    @Override
    public ActivationGrid grid(ForwardPass pass) {
        float grown = pass.value(growth).toFloatArray()[0];
        if (Float.isNaN(grown)) {
            return start; // the training has diverged, and the gate will undo it
        }
        double scale = start.scale() * StrictMath.exp(grown);
        return new ActivationGrid(
                start.bits(), bounded(scale, start.highestCode()), start.zeroPoint());
    }

    @Override
    public List<Parameter> getParameters() {
        return List.of(growth);
    }

    @Override
    public LearnedRangeState getState() {
        return new LearnedRangeState(
                start.bits(), start.scale(), start.zeroPoint(), Learned.values(growth));
    }
}
