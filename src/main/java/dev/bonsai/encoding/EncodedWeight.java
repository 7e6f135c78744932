package dev.bonsai.encoding;

import java.nio.FloatBuffer;
import java.util.Arrays;
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
    default float[] decode() {
        float[] values = new float[size()];
        decode(0, values, values.length);
        return values;
    }

    /**
     * Writes some of the values that this weight stands for.
     *
     * @param from the row-major index of the first of them
     * @param target where they go, from its start on
     * @param length how many there are
     */
    void decode(int from, float[] target, int length);

    /** What is done to some values of a weight. */
    @FunctionalInterface
    interface BlockAction {

        /**
         * Takes values.
         *
         * @param from the row-major index of the first of them
         * @param values the values, to be used before this returns; the array may be longer
         * @param length how many there are
         */
        void accept(int from, float[] values, int length);
    }

    /**
     * Goes through all values without a copy of them all.
     *
     * @param action told the values, block by block in ascending order
     */
    default void forEachBlock(BlockAction action) {
        int size = size();
        float[] block = new float[Math.min(size, 1 << 16)];
        for (int from = 0; from < size; from += block.length) {
            int length = Math.min(block.length, size - from);
            decode(from, block, length);
            action.accept(from, block, length);
        }
    }

    /**
     * Compares what this weight stands for with values, bit for bit.
     *
     * @param values one value an element, in row-major order
     * @return the index of the first that differs, or -1 if there is none
     */
    default int mismatch(FloatBuffer values) {
        int[] first = {values.remaining() == size() ? -1 : Math.min(size(), values.remaining())};
        forEachBlock(
                (from, decoded, length) -> {
                    if (first[0] < 0) {
                        float[] given = new float[length];
                        values.get(from, given);
                        int at = Arrays.mismatch(decoded, 0, length, given, 0, length);
                        first[0] = at < 0 ? -1 : from + at;
                    }
                });
        return first[0];
    }

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
