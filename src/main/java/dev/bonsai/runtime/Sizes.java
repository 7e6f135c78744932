package dev.bonsai.runtime;

import dev.bonsai.graph.type.GraphException;
import java.util.Arrays;

/** Arithmetic on shapes. */
final class Sizes {

    private Sizes() {}

    /** The number of elements of a shape. */
    static int elements(int[] shape) {
        return product(shape, 0, shape.length);
    }

    /** The product of some dimensions; 1 for none. */
    static int product(int[] shape, int from, int to) {
        long product = 1;
        for (int i = from; i < to; ++i) {
            if (shape[i] < 0) {
                throw new GraphException(
                        "A shape has no negative dimensions, but got %s", Arrays.toString(shape));
            }
            product *= shape[i];
            if (product > Integer.MAX_VALUE) {
                throw new GraphException(
                        "A value has at most 2^31 - 1 elements, but the shape is %s",
                        Arrays.toString(shape));
            }
        }
        return (int) product;
    }

    /** How far the neighbours along each axis are from one another. */
    static int[] strides(int[] shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; --i) {
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
    }

    /** An axis counted from the front. */
    static int axis(long axis, int rank) {
        long front = axis < 0 ? axis + rank : axis;
        if (front < 0 || front >= rank) {
            throw new GraphException("A value of rank %s has no axis %s", rank, axis);
        }
        return (int) front;
    }

    /** The shape with one dimension in another size. */
    static int[] with(int[] shape, int axis, int size) {
        int[] other = shape.clone();
        other[axis] = size;
        return other;
    }
}
