package dev.bonsai.pruning;

import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.BitSet;

/**
 * How a weight falls into the groups of elements that are removed together: a matrix of its
 * channels, which are its first dimension, by all the rest, cut into groups channel by channel. A
 * group at an edge may be smaller; a group of 1 by 1 is an element.
 *
 * @param channels the length of the first dimension
 * @param length the elements of a channel: the product of the other dimensions
 * @param height the channels that a whole group spans, at most all
 * @param width the elements of a channel that a whole group spans, at most all
 */
record Groups(int channels, int length, int height, int width) {

    /** Cuts a weight into groups of at most a height and a width. */
    static Groups of(Shape shape, int height, int width) {
        int channels = shape.isScalar() ? 1 : Math.toIntExact(shape.get(0));
        int length = Math.toIntExact(shape.size() / channels);
        return new Groups(channels, length, Math.min(height, channels), Math.min(width, length));
    }

    boolean isElements() {
        return height == 1 && width == 1;
    }

    int elements() {
        return channels * length;
    }

    int count() {
        return (channels + height - 1) / height * across();
    }

    private int across() {
        return (length + width - 1) / width;
    }

    /** Returns the number of elements of a group. */
    int size(int group) {
        if (isElements()) {
            return 1;
        }
        int channel = group / across() * height;
        int first = group % across() * width;
        return Math.min(height, channels - channel) * Math.min(width, length - first);
    }

    boolean isWhole(int group) {
        return size(group) == height * width;
    }

    private int groupOf(int element) {
        return element / length / height * across() + element % length / width;
    }

    private int firstOf(int group) {
        return group / across() * height * length + group % across() * width;
    }

    /**
     * Returns the mean of the values of each group; of elements, the values themselves. An element
     * of minus infinity, which matters to nothing, counts as zero among others that matter.
     */
    FloatBuffer means(FloatBuffer values) {
        if (isElements()) {
            return values;
        }
        double[] sums = new double[count()];
        int[] dead = new int[sums.length];
        for (int i = 0; i < values.remaining(); ++i) {
            float value = values.get(i);
            if (value == Float.NEGATIVE_INFINITY) {
                ++dead[groupOf(i)];
            } else {
                sums[groupOf(i)] += value;
            }
        }
        float[] means = new float[sums.length];
        for (int group = 0; group < means.length; ++group) {
            means[group] =
                    dead[group] == size(group)
                            ? Float.NEGATIVE_INFINITY
                            : (float) (sums[group] / size(group));
        }
        return FloatBuffer.wrap(means);
    }

    /** Returns which groups have a first element among those given. */
    BitSet containing(BitSet elements) {
        if (isElements()) {
            return elements;
        }
        BitSet groups = new BitSet();
        for (int group = count() - 1; group >= 0; --group) {
            groups.set(group, elements.get(firstOf(group)));
        }
        return groups;
    }

    /** Returns the elements of some groups. */
    BitSet elements(BitSet groups) {
        if (isElements()) {
            return groups;
        }
        BitSet elements = new BitSet();
        for (int i = elements() - 1; i >= 0; --i) {
            elements.set(i, groups.get(groupOf(i)));
        }
        return elements;
    }
}
