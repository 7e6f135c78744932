package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.operator.GlobalPool;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.operator.WindowPool;
import java.util.Arrays;

/** Pooling. */
final class PoolKernels {

    private PoolKernels() {}

    static Kernel globalPool(GlobalPool operator) {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    Shape shape = x.getShape();
                    long pixels = shape.slice(2).size(); // -1 is refused where a batch is empty
                    NDArray flat = in.scratch(x.reshape(shape.get(0), shape.get(1), pixels));
                    int[] last = {2};
                    NDArray pooled =
                            switch (operator) {
                                case AVERAGE -> flat.mean(last);
                                case MAX -> flat.max(last);
                            };
                    long[] sizes = new long[shape.dimension()];
                    Arrays.fill(sizes, 1);
                    sizes[0] = shape.get(0);
                    sizes[1] = shape.get(1);
                    return in.scratch(pooled).reshape(new Shape(sizes));
                });
    }

    static Kernel of(WindowPool operator) {
        return switch (operator.kind()) {
            case MAX -> maxPool(operator);
            case AVERAGE -> averagePool(operator);
        };
    }

    private static Kernel maxPool(WindowPool operator) {
        return in -> {
            NDArray x = in.owned(0);
            Window.Axis[] axes = WindowKernels.axes(operator.window(), x.getShape());
            if (in.results() > 1) {
                return new PlacedMaximum(operator, in, axes).results();
            }
            NDArray floats =
                    x.getDataType().isFloating() ? x : in.scratch(x.toType(DataType.FLOAT32, true));
            NDArray pooled = maxPool(operator, in, floats, axes);
            return new Value[] {
                Value.of(floats == x ? pooled : in.scratch(pooled).toType(x.getDataType(), true))
            };
        };
    }

    private static NDArray maxPool(
            WindowPool operator, Arguments in, NDArray x, Window.Axis... axes) {
        if (isNative(axes)) {
            return x.getNDArrayInternal()
                    .maxPool(
                            WindowKernels.kernel(axes),
                            WindowKernels.strides(axes),
                            WindowKernels.pads(axes),
                            operator.ceilMode());
        }
        Window.Axis[] whole = whole(x.getShape(), operator.ceilMode(), axes);
        NDArray padded = WindowKernels.pad(in, x, whole, Double.NEGATIVE_INFINITY);
        if (isDense(axes)) {
            return padded.getNDArrayInternal()
                    .maxPool(
                            WindowKernels.kernel(axes),
                            WindowKernels.strides(axes),
                            WindowKernels.none(axes),
                            false);
        }
        NDList parts = WindowParts.of(in, padded, axes);
        return in.scratch(NDArrays.stack(parts)).max(new int[] {0});
    }

    /** Tells whether the engine has the pooling itself. */
    private static boolean isNative(Window.Axis... axes) {
        return isDense(axes)
                && WindowKernels.isEven(axes)
                && Arrays.stream(axes).allMatch(axis -> axis.before() <= axis.kernel() / 2);
    }

    private static boolean isDense(Window.Axis... axes) {
        return Arrays.stream(axes).allMatch(axis -> axis.dilation() == 1);
    }

    /** Returns the axes with as many pads behind them as the last window reaches over. */
    static Window.Axis[] whole(Shape input, boolean ceil, Window.Axis... axes) {
        Window.Axis[] whole = new Window.Axis[axes.length];
        for (int i = 0; i < axes.length; ++i) {
            Window.Axis a = axes[i];
            long size = input.get(i + 2);
            long count = ceil ? Window.ceilPositions(a, size) : a.positions(size);
            long behind = (count - 1) * a.stride() + a.reach() - size - a.before();
            whole[i] =
                    new Window.Axis(a.kernel(), a.stride(), a.before(), (int) behind, a.dilation());
        }
        return whole;
    }

    private static Kernel averagePool(WindowPool operator) {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    Shape shape = x.getShape();
                    Window.Axis[] axes = WindowKernels.axes(operator.window(), shape);
                    if (isNative(axes)) {
                        return nativeAverage(operator, in, x, axes);
                    }
                    Window.Axis[] whole = whole(shape, operator.ceilMode(), axes);
                    NDArray sum = sum(in, WindowKernels.pad(in, x, whole, 0), whole);
                    NDArray counted = counted(in, x, axes, operator.option());
                    NDArray ones =
                            operator.option() ? counted : WindowKernels.pad(in, counted, whole, 0);
                    NDArray fitted = operator.option() ? fitted(in, ones, whole, axes) : ones;
                    return sum.div(sum(in, fitted, whole));
                });
    }

    /**
     * The engine counts pads, whatever it is told; the mean of ones tells how much of a window is
     * no pads.
     */
    private static NDArray nativeAverage(
            WindowPool operator, Arguments in, NDArray x, Window.Axis... axes) {
        NDArray average = nativeAverage(operator, x, axes);
        if (operator.option() || Arrays.stream(axes).allMatch(axis -> axis.before() == 0)) {
            return average;
        }
        NDArray ones = counted(in, x, axes, false);
        return in.scratch(average).div(in.scratch(nativeAverage(operator, ones, axes)));
    }

    private static NDArray nativeAverage(WindowPool operator, NDArray x, Window.Axis... axes) {
        return x.getNDArrayInternal()
                .avgPool(
                        WindowKernels.kernel(axes),
                        WindowKernels.strides(axes),
                        WindowKernels.pads(axes),
                        operator.ceilMode(),
                        true);
    }

    /** Returns ones where there are elements of the input, or also where there are pads. */
    private static NDArray counted(Arguments in, NDArray x, Window.Axis[] axes, boolean countPads) {
        long[] sizes = new long[axes.length + 2];
        Arrays.fill(sizes, 1);
        for (int i = 0; i < axes.length; ++i) {
            sizes[i + 2] =
                    x.getShape().get(i + 2) + (countPads ? axes[i].before() + axes[i].behind() : 0);
        }
        return in.scratch(in.manager().ones(new Shape(sizes), x.getDataType()));
    }

    /** Adds zeros, which don't count, where windows reach beyond the pads; or cuts off. */
    private static NDArray fitted(
            Arguments in, NDArray ones, Window.Axis[] whole, Window.Axis... axes) {
        long[] behind = new long[axes.length];
        Arrays.setAll(behind, i -> whole[i].behind() - axes[i].behind());
        return in.scratch(Pads.constant(in, ones, new long[axes.length], behind, 0));
    }

    private static NDArray sum(Arguments in, NDArray padded, Window.Axis... axes) {
        NDList parts = WindowParts.of(in, padded, axes);
        NDArray sum = parts.head();
        for (NDArray part : parts.subList(1, parts.size())) {
            sum = in.scratch(sum.add(part));
        }
        return sum;
    }
}
