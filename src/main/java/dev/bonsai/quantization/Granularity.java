package dev.bonsai.quantization;

import dev.bonsai.format.ScaleLayout;
import java.util.Arrays;

/** How many elements of a weight share a scale: the shape of the scale. */
public sealed interface Granularity {

    /**
     * One scale for the whole weight.
     *
     * @return the granularity
     */
    static Granularity perTensor() {
        return new PerTensor();
    }

    /**
     * One scale for each output channel, which is the first dimension of DJL's kernels and
     * matrices.
     *
     * @return the granularity
     */
    static Granularity perChannel() {
        return new PerChannel();
    }

    /**
     * One scale for each run of consecutive elements of a channel; the last run of a channel may be
     * shorter.
     *
     * @param elements the elements of a group, at least 1
     * @return the granularity
     */
    static Granularity perGroup(int elements) {
        return new PerGroup(elements);
    }

    /**
     * Returns which elements of a weight share a scale.
     *
     * @param shape the shape of the weight, outermost dimension first; no dimension is 0
     * @return the layout
     */
    ScaleLayout layout(int... shape);

    /** One scale a weight. */
    record PerTensor() implements Granularity {
        @Override
        public ScaleLayout layout(int... shape) {
            return ScaleLayout.perTensor(size(shape));
        }
    }

    /** One scale a channel. */
    record PerChannel() implements Granularity {
        @Override
        public ScaleLayout layout(int... shape) {
            int rowLength = rowLength(shape);
            return new ScaleLayout(size(shape) / rowLength, rowLength, rowLength);
        }
    }

    /**
     * One scale a group.
     *
     * @param elements the elements of a group, at least 1
     */
    record PerGroup(int elements) implements Granularity {

        /** Checks the number of elements. */
        public PerGroup {
            if (elements < 1) {
                throw new IllegalArgumentException(
                        "A group has at least 1 element, but got " + elements);
            }
        }

        @Override
        public ScaleLayout layout(int... shape) {
            int rowLength = rowLength(shape);
            int rows = size(shape) / rowLength;
            return new ScaleLayout(rows, rowLength, Math.min(elements, rowLength));
        }
    }

    private static int size(int... shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    private static int rowLength(int... shape) {
        return shape.length < 2 ? size(shape) : size(shape) / shape[0];
    }
}
