package dev.bonsai.block;

import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.type.GraphException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.LongStream;

/** The shapes that operators give the same elements. */
final class Sizes {

    private Sizes() {}

    static Shape reshaped(Shape shape, long[] wanted, boolean allowZero) {
        long[] sizes = wanted.clone();
        int rest = -1;
        long named = 1;
        for (int i = 0; i < sizes.length; ++i) {
            if (sizes[i] == 0 && !allowZero) {
                if (i >= shape.dimension()) {
                    throw new GraphException(
                            "0 at place " + i + " keeps a dimension that " + shape + " lacks");
                }
                sizes[i] = shape.get(i);
            }
            if (sizes[i] == -1) {
                rest = i;
            } else {
                named *= sizes[i];
            }
        }
        if (rest >= 0) {
            if (named == 0 || shape.size() % named != 0) {
                throw new GraphException(
                        "A value of shape "
                                + shape
                                + " can't be reshaped to "
                                + Arrays.toString(wanted));
            }
            sizes[rest] = shape.size() / named;
        }
        return new Shape(sizes);
    }

    static Shape flattened(Shape shape, int axis) {
        int front = axis < 0 ? axis + shape.dimension() : axis;
        return new Shape(
                Types.product(shape, 0, front), Types.product(shape, front, shape.dimension()));
    }

    static Shape squeezed(Shape shape) {
        return new Shape(LongStream.of(shape.getShape()).filter(size -> size != 1).toArray());
    }

    static Shape squeezed(Shape shape, long... axes) {
        BitSet gone = set(axes, shape.dimension());
        long[] sizes = new long[shape.dimension() - gone.cardinality()];
        int count = 0;
        for (int i = 0; i < shape.dimension(); ++i) {
            if (!gone.get(i)) {
                sizes[count++] = shape.get(i);
            } else if (shape.get(i) != 1) {
                throw new GraphException("Axis " + i + " of " + shape + " does not have size 1");
            }
        }
        return new Shape(sizes);
    }

    static Shape unsqueezed(Shape shape, long... axes) {
        int rank = shape.dimension() + axes.length;
        BitSet added = set(axes, rank);
        long[] sizes = new long[rank];
        int next = 0;
        for (int i = 0; i < rank; ++i) {
            sizes[i] = added.get(i) ? 1 : shape.get(next++);
        }
        return new Shape(sizes);
    }

    /** Returns axes counted from the front. */
    static BitSet set(long[] axes, int rank) {
        BitSet set = new BitSet();
        for (long axis : axes) {
            set.set(axis(axis, rank));
        }
        return set;
    }

    /** Returns an axis counted from the front. */
    static int axis(long axis, int rank) {
        long front = axis < 0 ? axis + rank : axis;
        if (front < 0 || front >= rank) {
            throw new GraphException("A value of rank " + rank + " has no axis " + axis);
        }
        return (int) front;
    }
}
