package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Tensors;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.operator.WindowPool;
import java.util.Arrays;

/** The largest element of each window and its place in the input, which the engine hides. */
final class PlacedMaximum {

    private final WindowPool operator;
    private final Arguments in;
    private final NDArray x;
    private final Shape shape;
    private final Window.Axis[] axes;

    PlacedMaximum(WindowPool operator, Arguments in, Window.Axis... axes) {
        this.operator = operator;
        this.in = in;
        this.axes = axes;
        x = in.owned(0);
        shape = x.getShape();
    }

    Value[] results() {
        Window.Axis[] whole = PoolKernels.whole(shape, operator.ceilMode(), axes);
        boolean floats = x.getDataType().isFloating();
        NDArray wide = floats ? x : in.scratch(x.toType(DataType.FLOAT64, true));
        NDArray padded = WindowKernels.pad(in, wide, whole, Double.NEGATIVE_INFINITY);
        NDArray parts = in.scratch(NDArrays.stack(WindowParts.of(in, padded, whole)));
        NDArray first = in.scratch(in.scratch(parts.argMax(0)).expandDims(0));
        NDArray largest = in.scratch(in.scratch(parts.gather(first, 0)).squeeze(0));
        NDArray places = WindowKernels.pad(in, places(), whole, 0);
        NDList windows = WindowParts.of(in, places, whole);
        NDArray all = in.scratch(NDArrays.stack(windows));
        NDArray wideAll = in.scratch(all.broadcast(parts.getShape()));
        NDArray within = in.scratch(in.scratch(wideAll.gather(first, 0)).squeeze(0));
        NDArray place = within.add(planes());
        return new Value[] {
            Value.of(floats ? largest : largest.toType(x.getDataType(), true)), Value.of(place)
        };
    }

    /** Returns the place of each element in its plane. */
    private NDArray places() {
        int size = (int) Types.product(shape, 2, shape.dimension());
        long[] numbers = new long[size];
        Arrays.setAll(numbers, i -> operator.option() ? columnMajor(i) : i);
        Shape plane = new Shape(1, 1).addAll(shape.slice(2));
        return in.scratch(array(numbers, plane));
    }

    private long columnMajor(long rowMajor) {
        long rest = rowMajor;
        long[] at = new long[axes.length];
        for (int i = axes.length - 1; i >= 0; --i) {
            at[i] = rest % shape.get(i + 2);
            rest /= shape.get(i + 2);
        }
        long place = 0;
        for (int i = axes.length - 1; i >= 0; --i) {
            place = place * shape.get(i + 2) + at[i];
        }
        return place;
    }

    /** Returns the place of the first element of each plane. */
    private NDArray planes() {
        long size = Types.product(shape, 2, shape.dimension());
        long[] numbers = new long[(int) (shape.get(0) * shape.get(1))];
        Arrays.setAll(numbers, i -> i * size);
        long[] sizes = new long[shape.dimension()];
        Arrays.fill(sizes, 1);
        sizes[0] = shape.get(0);
        sizes[1] = shape.get(1);
        return in.scratch(array(numbers, new Shape(sizes)));
    }

    private NDArray array(long[] numbers, Shape of) {
        byte[] bytes = Numbers.list(numbers).bytes();
        return Tensors.exact(in.manager(), bytes, DataType.INT64, of);
    }
}
