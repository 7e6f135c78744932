package dev.bonsai.lowbit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Learned;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.util.Arrays;
import java.util.List;

/**
 * Maps elements to one trained size if they are well above zero, to minus another one if they are
 * well below, and to zero between.
 */
final class TrainedSigns extends LowBitTransform {

    private static final String POSITIVE = "positiveScale";
    private static final String NEGATIVE = "negativeScale";

    private final float threshold;
    private final Side positive;
    private final Side negative;

    /**
     * The size of the elements on one side of zero: {@code first * exp(growth)}. What is trained
     * starts at 0, so that weight decay pulls it to the first size and not to 1.
     */
    private record Side(float first, Parameter growth) {

        static Side of(String name, double first, float growth, NDManager state) {
            return new Side(
                    (float) first,
                    Learned.parameter(
                            name, Tensors.constant(state, new float[] {growth}, new Shape(1))));
        }

        static Side restored(String name, TrainedSignsState.Size size, NDManager state) {
            return new Side(
                    size.first(),
                    Learned.parameter(name, size.growth().toFloats(state, new Shape(1))));
        }

        TrainedSignsState.Size state() {
            return new TrainedSignsState.Size(first, Learned.values(growth));
        }

        Side copy(NDManager state) {
            return of(growth.getName(), first, growth.getArray().toFloatArray()[0], state);
        }

        /** Starts from an array of the owner's: the parameter's would keep all results. */
        NDArray size(NDArray growth, NDManager owner) {
            return owner.zeros(growth.getShape())
                    .add(growth)
                    .exp()
                    .mul(Tensors.constant(owner, first));
        }
    }

    private TrainedSigns(Channels channels, float threshold, Side positive, Side negative) {
        super(channels);
        this.threshold = threshold;
        this.positive = positive;
        this.negative = negative;
    }

    /**
     * Starts with the mean sizes of the elements on either side.
     *
     * @param channels the channels to map
     * @param threshold the fraction of the greatest magnitude on a side up to which an element is 0
     * @param value the weight at present
     * @param state the owner of what is kept
     */
    static TrainedSigns of(Channels channels, float threshold, NDArray value, NDManager state) {
        float[] values = value.toFloatArray();
        double up = mean(values, channels.elements(), 1, threshold);
        double down = mean(values, channels.elements(), -1, threshold);
        up = up > 0 ? up : down > 0 ? down : 1;
        down = down > 0 ? down : up;
        return new TrainedSigns(
                channels,
                threshold,
                Side.of(POSITIVE, up, 0, state),
                Side.of(NEGATIVE, down, 0, state));
    }

    /** Returns the mean of the elements on one side that are not mapped to zero, or 0. */
    private static double mean(float[] values, int count, int side, float threshold) {
        float greatest = 0;
        for (int i = 0; i < count; ++i) {
            greatest = Math.max(greatest, side * values[i]);
        }
        double sum = 0;
        int above = 0;
        for (int i = 0; i < count; ++i) {
            if (side * values[i] > greatest * threshold) {
                sum += side * values[i];
                ++above;
            }
        }
        return sum / Math.max(1, above);
    }

    /** Returns the same with other channels: the sizes are where they were, and trained apart. */
    TrainedSigns with(Channels channels, NDManager state) {
        return new TrainedSigns(channels, threshold, positive.copy(state), negative.copy(state));
    }

    /** Makes the transform again that has left a state. */
    static TrainedSigns restored(
            Channels channels, float threshold, TrainedSignsState from, NDManager state) {
        return new TrainedSigns(
                channels,
                threshold,
                Side.restored(POSITIVE, from.positive(), state),
                Side.restored(NEGATIVE, from.negative(), state));
    }

    @Override
    public TrainedSignsState getState() {
        return new TrainedSignsState(channels().mapped(), positive.state(), negative.state());
    }

    @Override
    public List<Parameter> getParameters() {
        return List.of(positive.growth(), negative.growth());
    }

    @Override
    NDArray map(NDArray values, ForwardPass pass) {
        NDArray up = size(positive, pass, values.getManager());
        NDArray down = size(negative, pass, values.getManager());
        // One term is always zero, so that the sum is exact.
        return above(values).mul(up).sub(below(values).mul(down));
    }

    private static NDArray size(Side side, ForwardPass pass, NDManager owner) {
        NDArray size = side.size(pass.value(side.growth()), owner);
        return pass.mode() == Mode.TRAINING ? size : size.stopGradient();
    }

    private NDArray above(NDArray values) {
        return values.gt(values.max().mul(threshold)).toType(DataType.FLOAT32, false);
    }

    private NDArray below(NDArray values) {
        return values.lt(values.min().mul(threshold)).toType(DataType.FLOAT32, false);
    }

    @Override
    EncodedWeight encode(NDArray values, int[] shape) {
        NDManager scratch = values.getManager();
        float up = positive.size(positive.growth().getArray(), scratch).toFloatArray()[0];
        float down = negative.size(negative.growth().getArray(), scratch).toFloatArray()[0];
        // a size that has become too small for a float is a zero, of which a codebook has one
        NDArray low = down == 0 ? below(values).mul(0f) : below(values);
        NDArray high = up == 0 ? above(values).mul(0f) : above(values);
        float[] shared = down == 0 ? new float[] {0, up} : new float[] {-down, 0, up};
        return new CodebookWeight(
                shape,
                up == 0 ? Arrays.copyOf(shared, shared.length - 1) : shared,
                high.sub(low).addi(down == 0 ? 0f : 1f).toType(DataType.INT32, false).toIntArray());
    }
}
