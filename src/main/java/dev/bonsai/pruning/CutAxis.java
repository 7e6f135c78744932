package dev.bonsai.pruning;

import java.nio.FloatBuffer;
import java.util.BitSet;

/**
 * An axis of a weight, of which places are taken out.
 *
 * @param length the places along the axis
 * @param inner the elements of one place that lie together: the product of the later dimensions
 * @param size the elements of the weight
 */
record CutAxis(int length, int inner, int size) {

    static CutAxis of(long[] shape, int axis) {
        long inner = 1;
        long size = 1;
        for (int i = 0; i < shape.length; ++i) {
            inner *= i > axis ? shape[i] : 1;
            size *= shape[i];
        }
        return new CutAxis(
                Math.toIntExact(shape[axis]), Math.toIntExact(inner), Math.toIntExact(size));
    }

    private int place(int element) {
        return element / inner % length;
    }

    /** Returns the sum over each place. */
    double[] sums(FloatBuffer values) {
        double[] sums = new double[length];
        for (int i = 0; i < size; ++i) {
            sums[place(i)] += values.get(i);
        }
        return sums;
    }

    /** Returns the places of which an element is set. */
    BitSet places(BitSet elements) {
        BitSet places = new BitSet(length);
        for (int i = elements.nextSetBit(0); i >= 0; i = elements.nextSetBit(i + 1)) {
            places.set(place(i));
        }
        return places;
    }

    /** Clears all elements of some places. */
    void clear(BitSet elements, BitSet places) {
        for (int i = elements.nextSetBit(0); i >= 0; i = elements.nextSetBit(i + 1)) {
            if (places.get(place(i))) {
                elements.clear(i);
            }
        }
    }
}
