package dev.bonsai.lowbit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.ForwardPass.Mode;

/**
 * The sign of each element whose magnitude is above a multiple of the mean magnitude, and zero for
 * the others; the scale is the mean magnitude of those above.
 *
 * @param factor the multiple, in [0, 1)
 */
record TernaryRule(float factor) implements ScaledSigns.Rule {

    @Override
    public ScaledSigns.Signed of(NDArray groups, Mode mode) {
        Magnitudes magnitudes = new Magnitudes(groups);
        NDArray above = magnitudes.above(magnitudes.mean().muli(factor));
        NDArray scale = magnitudes.only(above).mean().toType(DataType.FLOAT32, false);
        NDArray signs = groups.sign().muli(above.toType(DataType.FLOAT32, false));
        return new ScaledSigns.Signed(signs, scale);
    }
}
