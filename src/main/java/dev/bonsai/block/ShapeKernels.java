package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.operator.Transpose;

/** Other shapes of the same elements. */
final class ShapeKernels {

    private ShapeKernels() {}

    static Kernel reshape(Reshape operator) {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    return x.reshape(
                            Sizes.reshaped(x.getShape(), in.longs(1), operator.allowZero()));
                });
    }

    static Kernel flatten(Flatten operator) {
        return Kernel.unary(x -> x.reshape(Sizes.flattened(x.getShape(), operator.axis())));
    }

    static Kernel transpose(Transpose operator) {
        return Kernel.unary(
                x ->
                        x.transpose(
                                operator.order(x.getShape().dimension()).stream()
                                        .mapToInt(Integer::intValue)
                                        .toArray()));
    }

    static Kernel squeeze() {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    return x.reshape(
                            in.has(1)
                                    ? Sizes.squeezed(x.getShape(), in.longs(1))
                                    : Sizes.squeezed(x.getShape()));
                });
    }

    static Kernel unsqueeze() {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    return x.reshape(Sizes.unsqueezed(x.getShape(), in.longs(1)));
                });
    }

    static Kernel concat(Concat operator) {
        return Kernel.of(
                in -> {
                    if (in.count() == 1) {
                        return in.owned(0);
                    }
                    NDList parts = new NDList(in.owned(0));
                    for (int i = 1; i < in.count(); ++i) {
                        parts.add(in.array(i));
                    }
                    return NDArrays.concat(parts, operator.axis());
                });
    }

    static Kernel expand() {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    return x.broadcast(Types.broadcast(x.getShape(), new Shape(in.longs(1))));
                });
    }

    static Kernel tile() {
        return Kernel.of(in -> in.owned(0).tile(in.longs(1)));
    }

    static Kernel shapeOf(ShapeOf operator) {
        return in -> {
            Shape shape = in.shape(0);
            long[] sizes =
                    operator.axes(shape.dimension()).stream().mapToLong(shape::get).toArray();
            return new Value[] {Value.of(Numbers.list(sizes))};
        };
    }
}
