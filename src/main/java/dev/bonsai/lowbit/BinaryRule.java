package dev.bonsai.lowbit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.RotatingNoise;
import java.util.Optional;

/**
 * The sign of each element, or one by chance in training: {@code +1} with the probability {@code
 * clip((w / scale + 1) / 2, 0, 1)}, so that what is at plus or minus the scale stays there.
 *
 * @param unit whether the scale is 1
 * @param noise the noise of the elements, in the shape of the matrix, or empty
 */
record BinaryRule(boolean unit, Optional<RotatingNoise> noise) implements ScaledSigns.Rule {

    @Override
    public Optional<RotatingNoise.State> noiseState() {
        return noise.map(RotatingNoise::getState);
    }

    @Override
    public ScaledSigns.Signed of(NDArray groups, Mode mode) {
        NDArray scale =
                unit
                        ? groups.getManager().ones(new Shape(1, 1))
                        : new Magnitudes(groups).mean().toType(DataType.FLOAT32, false);
        NDArray signs = groups.sign();
        if (mode == Mode.TRAINING && noise.isPresent()) {
            NDArray probability = groups.div(scale).addi(1f).muli(0.5f);
            NDArray up = noise.get().next(mode, groups.getManager()).lt(probability);
            // One or minus one, and zero where the element is.
            signs = signs.abs().muli(up.toType(DataType.FLOAT32, false).muli(2f).subi(1f));
        }
        return new ScaledSigns.Signed(signs, scale);
    }
}
