package dev.bonsai.quantization;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.NamedValue;
import dev.bonsai.encoding.ScaleLayout;

/** Which elements of a weight share a scale: more scales are more precise and cost bytes. */
public final class Granularity extends NamedValue {

    private enum Kind {
        TENSOR,
        CHANNEL,
        GROUP
    }

    private final Kind kind;
    private final int length;

    private Granularity(Kind kind, int length, String factory, Object... arguments) {
        super(factory, arguments);
        this.kind = kind;
        this.length = length;
    }

    /**
     * One scale for the whole weight.
     *
     * @return the granularity
     */
    public static Granularity perTensor() {
        return new Granularity(Kind.TENSOR, Integer.MAX_VALUE, "perTensor");
    }

    /**
     * One scale for each index of the outermost dimension: an output of a linear layer or a
     * convolution, a row of an embedding. A weight with fewer than two dimensions has one scale.
     *
     * @return the granularity
     */
    public static Granularity perChannel() {
        return new Granularity(Kind.CHANNEL, Integer.MAX_VALUE, "perChannel");
    }

    /**
     * One scale for every few consecutive elements of a channel.
     *
     * @param length the elements of a group, at least 1; the last group of a channel may be shorter
     * @return the granularity
     */
    public static Granularity perGroup(int length) {
        if (length < 1) {
            throw new IllegalArgumentException(
                    "A group has at least 1 element, but got " + length + ": use 32 or 64");
        }
        return new Granularity(Kind.GROUP, length, "perGroup", length);
    }

    ScaleLayout layout(Shape shape) {
        int size = Math.toIntExact(shape.size());
        int rows = kind == Kind.TENSOR || shape.dimension() < 2 ? 1 : Math.toIntExact(shape.get(0));
        int rowLength = size / Math.max(1, rows);
        return new ScaleLayout(rows, rowLength, Math.min(length, rowLength));
    }
}
