package dev.bonsai.runtime;

import dev.bonsai.graph.type.GraphException;
import java.util.Arrays;

/**
 * How values of several shapes are broadcast to one: rows of elements that lie one behind the other
 * in the result, and in each operand either do the same or are one element.
 */
final class Broadcasting {

    /** What is done to one row. */
    @FunctionalInterface
    interface RowAction {

        /**
         * Takes a row.
         *
         * @param result where it begins in the result
         * @param operands where it begins in each operand
         */
        void accept(int result, int[] operands);
    }

    private final int[] shape;
    private final int[] sizes;
    private final int[][] strides;

    private Broadcasting(int[] shape, int[] sizes, int[][] strides) {
        this.shape = shape;
        this.sizes = sizes;
        this.strides = strides;
    }

    /** Finds the common shape. */
    static Broadcasting of(int[]... shapes) {
        int rank = 0;
        for (int[] shape : shapes) {
            rank = Math.max(rank, shape.length);
        }
        int[] common = new int[rank];
        Arrays.fill(common, 1);
        for (int[] shape : shapes) {
            join(common, shape);
        }
        int[][] strides = new int[shapes.length][];
        for (int i = 0; i < shapes.length; ++i) {
            strides[i] = strides(shapes[i], rank);
        }
        return merged(common, strides);
    }

    private static void join(int[] common, int[] shape) {
        int first = common.length - shape.length;
        for (int i = 0; i < shape.length; ++i) {
            int size = shape[i];
            if (common[first + i] == 1) {
                common[first + i] = size;
            } else if (size != 1 && size != common[first + i]) {
                throw new GraphException(
                        "A value of shape %s can't be broadcast to %s",
                        Arrays.toString(shape), Arrays.toString(common));
            }
        }
    }

    /** The strides of an operand; 0 where it has one element for all. */
    private static int[] strides(int[] shape, int rank) {
        int[] own = Sizes.strides(shape);
        int[] strides = new int[rank];
        int first = rank - shape.length;
        for (int i = 0; i < shape.length; ++i) {
            strides[first + i] = shape[i] == 1 ? 0 : own[i];
        }
        return strides;
    }

    /** Makes one axis of neighbours that are alike to every operand. */
    private static Broadcasting merged(int[] shape, int[][] strides) {
        int[] sizes = new int[shape.length + 1];
        int[][] kept = new int[strides.length][shape.length + 1];
        int count = 0;
        for (int axis = 0; axis < shape.length; ++axis) {
            if (shape[axis] == 1) {
                continue;
            }
            if (count > 0 && continues(strides, kept, axis, count - 1, shape[axis])) {
                sizes[count - 1] *= shape[axis];
            } else {
                sizes[count++] = shape[axis];
            }
            for (int i = 0; i < strides.length; ++i) {
                kept[i][count - 1] = strides[i][axis];
            }
        }
        if (count == 0) {
            sizes[count++] = 1;
        }
        for (int i = 0; i < strides.length; ++i) {
            kept[i] = Arrays.copyOf(kept[i], count);
        }
        return new Broadcasting(shape, Arrays.copyOf(sizes, count), kept);
    }

    private static boolean continues(int[][] strides, int[][] kept, int axis, int last, int size) {
        for (int i = 0; i < strides.length; ++i) {
            if (kept[i][last] != strides[i][axis] * size) {
                return false;
            }
        }
        return true;
    }

    /** The common shape. */
    int[] shape() {
        return shape;
    }

    /** The number of elements of a row. */
    int length() {
        return sizes[sizes.length - 1];
    }

    /** How far the elements of a row are from one another in an operand: 0 or 1. */
    int step(int operand) {
        return strides[operand][sizes.length - 1];
    }

    /** Goes through all rows in the order of the result. */
    void forEachRow(RowAction action) {
        int last = sizes.length - 1;
        int length = sizes[last];
        int total = Sizes.elements(sizes);
        int[] index = new int[sizes.length];
        int[] at = new int[strides.length];
        for (int result = 0; result < total; result += length) {
            action.accept(result, at);
            for (int axis = last - 1; axis >= 0; --axis) {
                boolean within = ++index[axis] < sizes[axis];
                for (int i = 0; i < at.length; ++i) {
                    at[i] += within ? strides[i][axis] : -strides[i][axis] * (sizes[axis] - 1);
                }
                if (within) {
                    break;
                }
                index[axis] = 0;
            }
        }
    }
}
