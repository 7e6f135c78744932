package dev.bonsai.encoding;

import java.util.Arrays;
import java.util.Locale;

/** Checks and products of shapes. */
final class Shapes {

    private static final long TOO_MANY = 1L << 31;

    private Shapes() {}

    static int size(int[] shape) {
        long size = 1;
        boolean empty = false; // whatever the other dimensions are
        for (int dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException(
                        "A shape has no negative dimensions, but got " + Arrays.toString(shape));
            }
            empty |= dimension == 0;
            size = Math.min(size * Math.max(1, dimension), TOO_MANY);
        }
        if (empty) {
            return 0;
        }
        if (size == TOO_MANY) {
            throw new IllegalArgumentException(
                    "A weight has at most 2^31 - 1 elements, but the shape is "
                            + Arrays.toString(shape));
        }
        return (int) size;
    }

    static void checkSize(int[] shape, int elements, String what) {
        if (size(shape) != elements) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A weight of shape %s needs %d %s, but got %d",
                            Arrays.toString(shape),
                            size(shape),
                            what,
                            elements));
        }
    }
}
