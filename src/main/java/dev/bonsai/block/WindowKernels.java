package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Window;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Convolutions. */
final class WindowKernels {

    private WindowKernels() {}

    static Kernel conv(Conv operator) {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    Window window = operator.window().sized(Types.of(in.shape(1)));
                    Window.Axis[] axes = axes(window, x.getShape());
                    NDArray padded = isEven(axes) ? x : pad(in, x, axes, 0);
                    return padded.getNDArrayInternal()
                            .convolution(
                                    padded,
                                    in.array(1),
                                    in.arrayOrNull(2),
                                    strides(axes),
                                    padded == x ? pads(axes) : none(axes),
                                    dilations(axes),
                                    operator.group())
                            .singletonOrThrow();
                });
    }

    /** Returns the window over each spatial axis. */
    static Window.Axis[] axes(Window window, Shape input) {
        int rank = input.dimension() - 2;
        return IntStream.range(0, rank)
                .mapToObj(i -> window.axis(i, rank, input.get(i + 2)))
                .toArray(Window.Axis[]::new);
    }

    /** Tells whether as much is added behind each axis as before it, as the engine does it. */
    static boolean isEven(Window.Axis... axes) {
        return Arrays.stream(axes).allMatch(axis -> axis.before() == axis.behind());
    }

    static Shape strides(Window.Axis... axes) {
        return new Shape(Arrays.stream(axes).mapToLong(Window.Axis::stride).toArray());
    }

    static Shape pads(Window.Axis... axes) {
        return new Shape(Arrays.stream(axes).mapToLong(Window.Axis::before).toArray());
    }

    static Shape kernel(Window.Axis... axes) {
        return new Shape(Arrays.stream(axes).mapToLong(Window.Axis::kernel).toArray());
    }

    static Shape dilations(Window.Axis... axes) {
        return new Shape(Arrays.stream(axes).mapToLong(Window.Axis::dilation).toArray());
    }

    static Shape none(Window.Axis... axes) {
        return new Shape(new long[axes.length]);
    }

    /** Adds a value round the spatial axes. */
    static NDArray pad(Arguments in, NDArray x, Window.Axis[] axes, double value) {
        long[] before = Arrays.stream(axes).mapToLong(Window.Axis::before).toArray();
        long[] behind = Arrays.stream(axes).mapToLong(Window.Axis::behind).toArray();
        return in.scratch(Pads.constant(in, x, before, behind, value));
    }

    /**
     * The engine has none: a convolution of the input, spread out by the stride, with the weight
     * turned round.
     */
    static Kernel convTranspose(ConvTranspose operator) {
        return Kernel.of(
                in -> {
                    Shape weight = in.shape(1);
                    Window window = operator.window().sized(Types.of(weight));
                    NDArray x = in.owned(0);
                    Shape shape = x.getShape();
                    int rank = shape.dimension() - 2;
                    long[] before = new long[rank];
                    long[] behind = new long[rank];
                    long[] dilations = new long[rank];
                    for (int i = 0; i < rank; ++i) {
                        int size = (int) shape.get(i + 2);
                        Window.Axis axis = window.axis(i, rank, size);
                        ConvTranspose.Extent extent = operator.extent(window, i, rank, size);
                        long spread = (size - 1L) * axis.stride() + 1;
                        dilations[i] = axis.dilation();
                        before[i] = axis.reach() - 1L - extent.before();
                        behind[i] = extent.size() + axis.reach() - 1L - spread - before[i];
                    }
                    NDArray wide = spread(in, x, window);
                    NDArray padded = in.scratch(Pads.constant(in, wide, before, behind, 0));
                    return padded.getNDArrayInternal()
                            .convolution(
                                    padded,
                                    turned(in, in.owned(1), operator.group()),
                                    in.arrayOrNull(2),
                                    ones(rank),
                                    new Shape(new long[rank]),
                                    new Shape(dilations),
                                    operator.group())
                            .singletonOrThrow();
                });
    }

    private static Shape ones(int rank) {
        long[] ones = new long[rank];
        Arrays.fill(ones, 1);
        return new Shape(ones);
    }

    /** Puts zeros between the elements of the spatial axes. */
    private static NDArray spread(Arguments in, NDArray x, Window window) {
        NDArray wide = x;
        Shape shape = x.getShape();
        int rank = shape.dimension() - 2;
        for (int i = 0; i < rank; ++i) {
            int stride = window.axis(i, rank, shape.get(i + 2)).stride();
            if (stride > 1) {
                wide = spread(in, wide, i + 2, stride);
            }
        }
        return wide;
    }

    private static NDArray spread(Arguments in, NDArray x, int axis, int stride) {
        Shape shape = x.getShape();
        long size = shape.get(axis);
        long outer = Types.product(shape, 0, axis);
        long inner = Types.product(shape, axis + 1, shape.dimension());
        NDArray flat = in.scratch(x.reshape(outer, size, 1, inner));
        NDArray spaced =
                in.scratch(
                        Pads.constant(in, flat, new long[] {0, 0}, new long[] {stride - 1, 0}, 0));
        NDArray joined = in.scratch(spaced.reshape(outer, size * stride, inner));
        NDArray cut =
                in.scratch(
                        Pads.constant(
                                in, joined, new long[] {0, 0}, new long[] {1 - stride, 0}, 0));
        return in.scratch(cut.reshape(Types.with(shape, axis, (size - 1) * stride + 1)));
    }

    /** Returns the weight of the convolution: axes 0 and 1 swapped per group, the others turned. */
    private static NDArray turned(Arguments in, NDArray weight, int group) {
        Shape shape = weight.getShape();
        long inputs = shape.get(0) / group;
        long outputs = shape.get(1);
        Shape spatial = shape.slice(2);
        int[] axes = IntStream.range(2, shape.dimension()).toArray();
        NDArray flipped = in.scratch(weight.flip(axes));
        NDArray grouped =
                in.scratch(flipped.reshape(new Shape(group, inputs, outputs).addAll(spatial)));
        NDArray swapped = in.scratch(grouped.swapAxes(1, 2));
        return in.scratch(swapped.reshape(new Shape(group * outputs, inputs).addAll(spatial)));
    }
}
