package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Tensors;
import dev.bonsai.graph.operator.Resize;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Enlarges and reduces along axes. */
final class ResizeKernels {

    private static final int SCALES = 2;
    private static final int SIZES = 3;
    private static final int NEAREST = 0;
    private static final int LINEAR = 1;
    private static final int IMAGE_RANK = 4;

    private ResizeKernels() {}

    static Kernel resize(Resize operator) {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    Shape shape = x.getShape();
                    int[] input = Tensors.dimensions(shape);
                    List<Long> sizes = LongStream.of(in.longs(SIZES, new long[0])).boxed().toList();
                    List<Resize.Extent> extents = operator.extents(input, in.floats(SCALES), sizes);
                    ResizePlaces[] places = new ResizePlaces[input.length];
                    Arrays.setAll(
                            places, i -> new ResizePlaces(operator, input[i], extents.get(i)));
                    return isNative(operator, shape, places)
                            ? x.getNDArrayInternal()
                                    .interpolation(
                                            new long[] {
                                                extents.get(2).size(), extents.get(3).size()
                                            },
                                            operator.mode() == Resize.Mode.NEAREST
                                                    ? NEAREST
                                                    : LINEAR,
                                            false)
                            : general(operator, in, x, places);
                });
    }

    /** The engine resizes images of one of the many meanings that there are. */
    private static boolean isNative(Resize operator, Shape shape, ResizePlaces... places) {
        if (shape.dimension() != IMAGE_RANK || !places[0].isSame() || !places[1].isSame()) {
            return false;
        }
        return operator.mode() == Resize.Mode.NEAREST
                ? places[2].isFloor() && places[3].isFloor()
                : places[2].isHalfPixel()
                        && places[3].isHalfPixel()
                        && places[2].size() >= shape.get(2) // it smooths what it makes smaller
                        && places[3].size() >= shape.get(3);
    }

    private static NDArray general(
            Resize operator, Arguments in, NDArray x, ResizePlaces... places) {
        NDArray result = x;
        for (int axis = 0; axis < places.length; ++axis) {
            if (!places[axis].isSame()) {
                result =
                        operator.mode() == Resize.Mode.NEAREST
                                ? Pads.taken(in, result, axis, places[axis].nearest())
                                : linear(in, result, axis, places[axis]);
            }
        }
        return result;
    }

    /** The product with a matrix that has the two neighbours of each place in its rows. */
    private static NDArray linear(Arguments in, NDArray x, int axis, ResizePlaces places) {
        Shape shape = x.getShape();
        long outer = Types.product(shape, 0, axis);
        long inner = Types.product(shape, axis + 1, shape.dimension());
        NDArray matrix =
                in.scratch(
                        Tensors.constant(
                                in.manager(),
                                places.matrix(),
                                new Shape(places.size(), shape.get(axis))));
        NDArray typed = in.scratch(matrix.toType(x.getDataType(), true));
        NDArray flat = in.scratch(x.reshape(outer, shape.get(axis), inner));
        // the operand is the receiver, and both are turned round
        NDArray product =
                in.scratch(in.scratch(flat.swapAxes(1, 2)).matMul(in.scratch(typed.transpose())));
        NDArray back = in.scratch(product.swapAxes(1, 2));
        return in.scratch(back.reshape(Types.with(shape, axis, places.size())));
    }
}
