package dev.bonsai.thinning;

import java.nio.FloatBuffer;
import java.util.BitSet;

/**
 * An axis of a weight, of which places are taken out.
 *
 * @param length the places along the axis
 * @param inner the elements of one place that lie together: the product of the later dimensions
 * @param size the elements of the weight
 */
public record CutAxis(int length, int inner, int size) {

    /**
     * Returns an axis of a weight.
     *
     * @param shape the shape of the weight
     * @param axis the axis, from the front
     * @return the axis
     */
    public static CutAxis of(int[] shape, int axis) {
        int inner = 1;
        int size = 1;
        for (int i = 0; i < shape.length; ++i) {
            inner = Math.multiplyExact(inner, i > axis ? shape[i] : 1);
            size = Math.multiplyExact(size, shape[i]);
        }
        return new CutAxis(shape[axis], inner, size);
    }

    private int place(int element) {
        return element / inner % length;
    }

    /**
     * Adds up the elements of each place. One of minus infinity counts as zero, unless all of the
     * place are.
     *
     * @param values the elements of the weight
     * @return a sum per place
     */
    public double[] sums(FloatBuffer values) {
        double[] sums = new double[length];
        int[] dead = new int[length];
        for (int i = 0; i < size; ++i) {
            float value = values.get(i);
            if (value == Float.NEGATIVE_INFINITY) {
                ++dead[place(i)];
            } else {
                sums[place(i)] += value;
            }
        }
        for (int place = 0; place < length; ++place) {
            if (dead[place] == size / length) {
                sums[place] = Double.NEGATIVE_INFINITY;
            }
        }
        return sums;
    }

    /**
     * Finds the places of which an element is set.
     *
     * @param elements the elements of the weight
     * @return the places
     */
    public BitSet places(BitSet elements) {
        BitSet places = new BitSet(length);
        for (int i = elements.nextSetBit(0); i >= 0; i = elements.nextSetBit(i + 1)) {
            places.set(place(i));
        }
        return places;
    }

    /**
     * Clears all elements of some places.
     *
     * @param elements the elements of the weight
     * @param places the places
     */
    public void clear(BitSet elements, BitSet places) {
        for (int i = elements.nextSetBit(0); i >= 0; i = elements.nextSetBit(i + 1)) {
            if (places.get(place(i))) {
                elements.clear(i);
            }
        }
    }
}
