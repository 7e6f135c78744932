package dev.bonsai.lowbit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.RotatingNoise;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import java.util.Optional;

/** Maps elements to -1, 0 or 1 times the scale of their channel or of the weight. */
class ScaledSigns extends LowBitTransform {

    private final Rule rule;
    private final int groups;

    /** Which sign an element gets, and of which size. */
    @FunctionalInterface
    interface Rule {
        /**
         * Maps a matrix.
         *
         * @param groups the elements, of shape (groups, elements), outside any graph
         * @param mode what the pass is for
         */
        Signed of(NDArray groups, Mode mode);

        /** Returns where the noise stands that it takes signs by, if any. */
        default Optional<RotatingNoise.State> noiseState() {
            return Optional.empty();
        }
    }

    /**
     * What a matrix is mapped to.
     *
     * @param signs new, -1, 0 or 1, of the shape of the matrix
     * @param scale positive, of shape (groups, 1)
     */
    record Signed(NDArray signs, NDArray scale) {}

    ScaledSigns(Channels channels, Rule rule, boolean perChannel) {
        super(channels);
        this.rule = rule;
        groups = perChannel ? channels.mapped() : 1;
    }

    @Override
    public final SignsState getState() {
        return new SignsState(channels().mapped(), rule.noiseState());
    }

    @Override
    NDArray map(NDArray values, ForwardPass pass) {
        Signed signed = signed(values, pass.mode());
        return signed.signs().muli(signed.scale()).reshape(values.getShape());
    }

    @Override
    EncodedWeight encode(NDArray values, int[] shape) {
        Signed signed = signed(values, Mode.INFERENCE);
        int length = channels().elements() / groups;
        return new GridWeight(
                shape,
                BITS,
                new ScaleLayout(groups, length, length),
                signed.signs().toType(DataType.INT32, false).toIntArray(),
                signed.scale().toFloatArray(),
                new int[groups]);
    }

    private Signed signed(NDArray values, Mode mode) {
        return rule.of(values.reshape(groups, channels().elements() / groups), mode);
    }
}
