package dev.bonsai.encoding;

import java.util.Arrays;

/** Checks and products of shapes. */
final class Shapes {

    private Shapes() {}

    static int size(int[] shape) {
        long size = 1;
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(
                        "A shape has no negative dimensions, but got " + Arrays.toString(shape));
            }
            size *= dimension;
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "A weight has at most 2^31 - 1 elements, but the shape is "
                                + Arrays.toString(shape));
            }
        }
        return (int) size;
    }

    static void checkSize(int[] shape, int elements, String what) {
        if (size(shape) != elements) {
            throw new IllegalArgumentException(
                    String.format(
                            "A weight of shape %s needs %d %s, but got %d",
                            Arrays.toString(shape), size(shape), what, elements));
        }
    }
}
