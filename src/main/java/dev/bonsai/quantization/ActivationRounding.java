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
