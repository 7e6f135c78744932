package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.ActivationGrid;

/**
 * A value on a grid, step by step, outside any graph.
 *
 * @param exact the value in steps, as it is
 * @param whole the steps that it is rounded to, cut down to the grid
 * @param scale the scale
 */
record ActivationRounding(NDArray exact, NDArray whole, NDArray scale) {

    /** What is rounded to the outermost steps is not clipped. */
    private static final float HALF = 0.5f;

    private static final float NEARLY_HALF = 0.49f;

    /**
     * Rounds a value as QuantizeLinear and DequantizeLinear of ONNX do.
     *
     * @param value the value, outside any graph
     * @param scratch the owner of what is made
     */
    static ActivationRounding of(NDArray value, ActivationGrid grid, NDManager scratch) {
        NDArray scale = Tensors.constant(scratch, grid.scale());
        NDArray exact = value.div(scale);
        exact.attach(scratch);
        float least = -grid.zeroPoint();
        float most = (float) grid.highestCode() - grid.zeroPoint();
        NDArray whole = AffineQuantizer.round(exact.clip(least, most));
        return new ActivationRounding(exact, whole, scale);
    }

    /**
     * Rounds a value as a part of the gradient's graph: the gradient is 1, and 0 where the value is
     * clipped. The engine's clip has that gradient; what it gives is rounded in its own memory,
     * which takes half of the time of the same in steps.
     *
     * @return the value on the grid, which belongs to the manager of the value
     */
    static NDArray straightThrough(NDArray value, ActivationGrid grid, NDManager scratch) {
        // what is rounded to the outermost steps is not clipped; on wide grids floats can't tell
        float beyond = grid.bits() <= AffineQuantizer.NARROW ? NEARLY_HALF : 0;
        NDArray view = value.reshape(value.getShape());
        view.attach(scratch); // where clip leaves its bounds
        NDArray clipped =
                view.clip(
                        (-grid.zeroPoint() - beyond) * grid.scale(),
                        (grid.highestCode() - grid.zeroPoint() + beyond) * grid.scale());
        clipped.attach(value.getManager());
        NDArray memory = clipped.stopGradient(); // the same memory, outside the graph
        memory.attach(scratch);
        NDArray scale = Tensors.constant(scratch, grid.scale());
        AffineQuantizer.round(memory.divi(scale)).muli(scale);
        return clipped;
    }

    /** Returns the value on the grid, which belongs to a manager. */
    NDArray value(NDManager owner) {
        NDArray value = whole.mul(scale);
        value.attach(owner);
        return value;
    }

    /** Returns 1 where the gradient passes, and 0 where the value is clipped. */
    NDArray inside() {
        NDArray beyond = exact.sub(whole).abs();
        return beyond.lte(HALF).toType(DataType.FLOAT32, false);
    }
}
