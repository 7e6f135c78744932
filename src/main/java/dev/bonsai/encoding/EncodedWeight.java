package dev.bonsai.encoding;

import java.util.BitSet;

/**
 * One weight as it is stored: plain values, no tensors.
 *
 * <p>Elements are in row-major order. Zeros are explicit: every encoding has exactly one way to say
 * zero, which decodes to {@code +0.0f}, so that a file can tell a removed weight from a small one.
 *
 * <p>Two weights are equal when they are of one kind and their arrays have equal elements.
 */
public sealed interface EncodedWeight permits DenseWeight, GridWeight, CodebookWeight, ExactWeight {

    /**
     * Returns the shape.
     *
     * @return the shape, outermost dimension first; empty for a scalar
     */
    int[] shape();

    /**
     * Returns the values that this weight stands for.
     *
     * @return a new array with one value an element, in row-major order
     */
    float[] decode();

    /**
     * Tells whether an element is exactly zero.
     *
     * @param index the row-major index of the element
     * @return whether it decodes to {@code 0}
     */
    boolean isZero(int index);

    /**
     * Returns this weight with all but some elements set to zero.
     *
     * @param keep the row-major indices of the elements that keep their value
     * @return the masked weight, in the same encoding
     */
    EncodedWeight masked(BitSet keep);

    /**
     * Returns the bits that tell one element's value from another's: those of its type, the width
     * of the grid, or the logarithm of the size of the codebook, rounded up.
     *
     * @return the bits of an element, from 1 to 64
     */
    int bits();

    /**
     * Returns the number of elements.
     *
     * @return the product of the shape
     */
    default int size() {
        return Shapes.size(shape());
    }

    /**
     * Returns the number of elements that are exactly zero.
     *
     * @return the count, from 0 to {@link #size()}
     */
    default int zeros() {
        int count = 0;
        int size = size();
        for (int i = 0; i < size; ++i) {
            if (isZero(i)) {
                ++count;
            }
        }
        return count;
    }
}
