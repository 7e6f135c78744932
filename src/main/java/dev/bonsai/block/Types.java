package dev.bonsai.block;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.GraphException;

/** Types and shapes of a graph as DJL has them, and back. */
final class Types {

    /** What DJL writes for a free dimension. */
    static final long FREE = -1;

    private Types() {}

    /** Returns DJL's type; others than these end the process in its PyTorch engine. */
    static DataType of(ElementType type) {
        return switch (type) {
            case FLOAT32 -> DataType.FLOAT32;
            case FLOAT64 -> DataType.FLOAT64;
            case FLOAT16 -> DataType.FLOAT16;
            case INT8 -> DataType.INT8;
            case UINT8 -> DataType.UINT8;
            case INT32 -> DataType.INT32;
            case INT64 -> DataType.INT64;
            case BOOLEAN -> DataType.BOOLEAN;
            case BFLOAT16, INT16, UINT16, UINT32, UINT64 ->
                    throw new GraphException(
                            "DJL's PyTorch engine has no values of the type "
                                    + type
                                    + ": put a Cast into the model, or run it in the plain-Java"
                                    + " runtime");
        };
    }

    static Shape of(dev.bonsai.graph.type.Shape shape) {
        return new Shape(
                shape.dims().stream().mapToLong(d -> d.isFixed() ? d.size() : FREE).toArray());
    }

    static dev.bonsai.graph.type.Shape of(Shape shape) {
        return dev.bonsai.graph.type.Shape.of(shape.getShape());
    }

    /** Returns the shape that values of two shapes are broadcast to. */
    static Shape broadcast(Shape a, Shape b) {
        if (a.equals(b)) {
            return a;
        }
        int rank = Math.max(a.dimension(), b.dimension());
        long[] sizes = new long[rank];
        for (int i = 0; i < rank; ++i) {
            long left = fromEnd(a, rank - i);
            long right = fromEnd(b, rank - i);
            sizes[i] = left == 1 ? right : left;
        }
        return new Shape(sizes);
    }

    private static long fromEnd(Shape shape, int place) {
        int axis = shape.dimension() - place;
        return axis < 0 ? 1 : shape.get(axis);
    }

    /** Returns a shape with one dimension replaced. */
    static Shape with(Shape shape, int axis, long size) {
        long[] sizes = shape.getShape().clone();
        sizes[axis] = size;
        return new Shape(sizes);
    }

    static long product(Shape shape, int from, int to) {
        long product = 1;
        for (int i = from; i < to; ++i) {
            product *= shape.get(i);
        }
        return product;
    }
}
