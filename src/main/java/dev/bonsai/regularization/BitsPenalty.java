package dev.bonsai.regularization;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.NativeFloats;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.ScaleLayout;
import java.nio.FloatBuffer;
import java.util.Locale;

/**
 * The gradient of the bits that the codes of a weight take: between two codes the bits rise, or
 * fall, in a straight line.
 */
final class BitsPenalty extends Penalty {

    private final BitsState state;
    private final ScaleLayout layout;

    BitsPenalty(BitsState state, NDArray zero) {
        super(state.strength(), zero);
        this.state = state;
        layout = state.layout();
    }

    /**
     * Makes the penalty again that has left a state.
     *
     * @param weightSize the number of elements of the weight
     */
    static BitsPenalty restored(BitsState state, int weightSize, NDArray zero) {
        BitsPenalty penalty = new BitsPenalty(state, zero);
        long size = (long) state.rows() * state.rowLength();
        if (size != weightSize) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "the codes are those of %d elements, but the weight has %d: restore"
                                    + " them into the model that they were taken from",
                            size,
                            weightSize));
        }
        return penalty;
    }

    @Override
    public BitsState getState() {
        return state;
    }

    @Override
    public void beforeStep(NDArray latent, NDArray gradient, ForwardPass pass) {
        FloatBuffer weight = Tensors.floats(latent);
        NativeFloats.of(gradient)
                .ifPresentOrElse(
                        memory ->
                                memory.update(
                                        (at, values, length) -> add(weight, at, values, length)),
                        () -> add(weight, gradient));
    }

    private void add(FloatBuffer weight, NDArray gradient) {
        float[] values = gradient.toFloatArray();
        add(weight, 0, values, values.length);
        Tensors.overwrite(
                gradient, Tensors.constant(gradient.getManager(), values, gradient.getShape()));
    }

    private void add(FloatBuffer weight, int from, float[] gradient, int length) {
        float[] slopes = state.slopes();
        for (int i = 0; i < length; ++i) {
            float value = weight.get(from + i);
            float step = state.steps()[layout.groupOf(from + i)];
            float code = Math.abs(value) / step;
            if (value != 0 && code < slopes.length) {
                gradient[i] += strength() * slopes[(int) code] / step * Math.signum(value);
            }
        }
    }
}
