package dev.bonsai.rounding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.StraightThrough;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightScales;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps the code of each element of a weight on a grid within a magnitude of its own; the gradient
 * passes as if it were the identity, so that an element can grow back when the limits are chosen
 * anew.
 *
 * <p>Limits rather than codes are kept, so that what was not moved trains on as before, and so that
 * scales may move.
 */
final class LimitTransform implements WeightTransform {

    private final Codes limits;

    LimitTransform(Codes limits) {
        this.limits = limits;
    }

    /**
     * Limits the elements of a weight that were moved; the others may take any code.
     *
     * @param grid the weight
     * @param codes what its codes are to be
     */
    static LimitTransform of(GridWeight grid, Codes codes) {
        Codes given = grid.codes();
        int highest = ~GridWeight.lowestCode(grid.bits());
        return new LimitTransform(
                Codes.of(
                        codes.size(),
                        0,
                        highest,
                        i -> codes.get(i) == given.get(i) ? highest : Math.abs(codes.get(i))));
    }

    /**
     * Makes the transform again that has left a state.
     *
     * @param state the state
     * @param weightSize the number of elements of the weight
     */
    static LimitTransform restored(LimitState state, int weightSize) {
        if (state.limits().size() != weightSize) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "the limits are those of %d elements, but the weight has %d: restore"
                                    + " them into the model that they were taken from",
                            state.limits().size(),
                            weightSize));
        }
        return new LimitTransform(state.limits());
    }

    @Override
    public LimitState getState() {
        return new LimitState(limits);
    }

    @Override
    public NDArray apply(NDArray weight, ForwardPass pass) {
        WeightScales grid =
                pass.scales()
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "The weight lies on no symmetric grid any more, but"
                                                        + " its codes are limited: have a Quantization"
                                                        + " work on it before the"
                                                        + " RateDistortionRounding"));
        FloatBuffer values = Tensors.floats(weight.stopGradient());
        NDArray limited =
                Tensors.written(
                        weight.getManager(),
                        weight.getShape(),
                        target -> limit(values, grid, target));
        return StraightThrough.of(limited, weight);
    }

    private void limit(FloatBuffer values, WeightScales grid, FloatBuffer target) {
        ScaleLayout layout = grid.layout();
        for (int at = 0; at < values.capacity(); ) {
            double scale = grid.scales()[layout.groupOf(at)];
            for (int end = layout.endOfGroup(at); at < end; ++at) {
                float bound = (float) (limits.get(at) * scale); // as a file decodes it
                target.put(at, Math.max(-bound, Math.min(bound, values.get(at))) + 0f); // no -0
            }
        }
    }

    @Override
    public Optional<WeightScales> scales(NDArray weight, ForwardPass pass) {
        return pass.scales();
    }

    @Override
    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        GridWeight grid = (GridWeight) weight;
        Codes codes = grid.codes();
        int low = GridWeight.lowestCode(grid.bits());
        Codes limited =
                Codes.of(
                        codes.size(),
                        low,
                        ~low,
                        i -> Math.max(-limits.get(i), Math.min(limits.get(i), codes.get(i))));
        return new GridWeight(
                grid.shape(),
                grid.bits(),
                grid.layout(),
                limited,
                grid.scales(),
                grid.zeroPoints());
    }
}
