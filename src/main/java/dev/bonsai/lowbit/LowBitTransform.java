package dev.bonsai.lowbit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.StraightThrough;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import java.util.Arrays;

/**
 * Maps the first channels of a weight to few values, straight-through, and leaves the others as
 * they are. A weight with both kinds of channels is stored as floats.
 */
abstract class LowBitTransform implements WeightTransform {

    /** Two signs, and zero. */
    static final int BITS = 2;

    private final Channels channels;

    LowBitTransform(Channels channels) {
        this.channels = channels;
    }

    final Channels channels() {
        return channels;
    }

    /**
     * Maps elements.
     *
     * @param values the channels to map, outside any graph; not to be changed
     * @param pass the pass that asks
     * @return a new array of the same shape, outside the graph of the weight
     */
    abstract NDArray map(NDArray values, ForwardPass pass);

    /** Encodes elements as {@link #map} leaves them in an inference pass. */
    abstract EncodedWeight encode(NDArray values, int[] shape);

    @Override
    public final NDArray apply(NDArray weight, ForwardPass pass) {
        if (channels.isAll()) {
            return mapped(weight, pass);
        }
        NDList parts = weight.split(new long[] {channels.mapped()}, 0);
        // -0 + 0 = +0
        return mapped(parts.get(0), pass).concat(parts.get(1).add(0f), 0);
    }

    private NDArray mapped(NDArray weight, ForwardPass pass) {
        return StraightThrough.of(map(weight.stopGradient(), pass), weight);
    }

    @Override
    public final int bits(int given) {
        return channels.isAll() ? BITS : Float.SIZE; // some channels are stored as floats
    }

    @Override
    public final EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        int[] shape = weight.shape().clone();
        float[] values = weight.decode();
        if (!channels.isAll()) {
            shape[0] = channels.mapped();
        }
        float[] head = Arrays.copyOf(values, channels.elements());
        NDArray array = Tensors.constant(manager, head, Tensors.shape(shape));
        EncodedWeight encoded = encode(array, shape);
        if (channels.isAll()) {
            return encoded;
        }
        System.arraycopy(encoded.decode(), 0, values, 0, head.length);
        return new DenseWeight(weight.shape(), values);
    }
}
