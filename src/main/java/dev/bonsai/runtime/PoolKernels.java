package dev.bonsai.runtime;

import dev.bonsai.graph.operator.GlobalPool;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.operator.WindowPool;
import java.util.Arrays;
import java.util.List;

/** Pooling: each element of the window in turn, along rows of positions. */
final class PoolKernels {

    private PoolKernels() {}

    static List<Tensor> apply(WindowPool operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        Windows windows = Windows.of(operator.window(), x.dims(), operator.ceilMode());
        return operator.kind() == WindowPool.Kind.MAX
                ? max(x, windows, operator.option(), arguments.results() > 1)
                : List.of(average(x, windows, operator.option()));
    }

    private static List<Tensor> max(
            Tensor x, Windows windows, boolean columnMajor, boolean places) {
        int[] shape = windows.shape(x.dims()[0], x.dims()[1]);
        if (x.data() instanceof float[] floats && !places) {
            float[] out = new float[Sizes.elements(shape)];
            Arrays.fill(out, Float.NEGATIVE_INFINITY);
            int step = windows.lastStride();
            Runs.forEachOfAll(
                    windows,
                    x.dims()[0] * x.dims()[1],
                    (from, to, n) -> maxRow(floats, from, step, out, to, n));
            return List.of(Tensor.of(x.type(), out, shape));
        }
        return maxWithPlaces(x, windows, shape, columnMajor);
    }

    private static void maxRow(float[] x, int from, int step, float[] out, int to, int n) {
        for (int k = 0; k < n; ++k) {
            out[to + k] = Math.max(out[to + k], x[from + k * step]);
        }
    }

    private static List<Tensor> maxWithPlaces(
            Tensor x, Windows windows, int[] shape, boolean columnMajor) {
        int size = Sizes.elements(shape);
        int[] places = new int[size];
        Arrays.fill(places, -1);
        Object data = x.data();
        int step = windows.lastStride();
        Runs.forEachOfAll(
                windows,
                x.dims()[0] * x.dims()[1],
                (from, to, n) -> {
                    for (int k = 0; k < n; ++k) {
                        int i = from + k * step;
                        if (places[to + k] < 0 || larger(data, i, places[to + k])) {
                            places[to + k] = i;
                        }
                    }
                });
        Object out = Types.zerosLike(data, size);
        long[] told = new long[size];
        for (int i = 0; i < size; ++i) {
            Strided.row(data, places[i], 1, out, i, 1);
            told[i] = columnMajor ? columnMajor(places[i], windows.input()) : places[i];
        }
        return List.of(Tensor.of(x.type(), out, shape), Tensor.of(told, shape));
    }

    private static boolean larger(Object data, int i, int than) {
        return data instanceof long[] longs
                ? longs[i] > longs[than]
                : Types.real(data, i) > Types.real(data, than);
    }

    /** The index of an element where the first spatial axis is the one of neighbours. */
    private static long columnMajor(int place, int[] input) {
        int inner = Sizes.elements(input);
        long index = 0;
        int[] strides = Sizes.strides(input);
        long stride = 1;
        for (int axis = 0; axis < input.length; ++axis) {
            index += place % inner / strides[axis] % input[axis] * stride;
            stride *= input[axis];
        }
        return (long) place / inner * inner + index;
    }

    private static Tensor average(Tensor x, Windows windows, boolean countPads) {
        int[] shape = windows.shape(x.dims()[0], x.dims()[1]);
        int step = windows.lastStride();
        int images = x.dims()[0] * x.dims()[1];
        double[] sums = new double[Sizes.elements(shape)];
        if (x.data() instanceof float[] floats) {
            Runs.forEachOfAll(
                    windows,
                    images,
                    (from, to, n) -> {
                        for (int k = 0; k < n; ++k) {
                            sums[to + k] += floats[from + k * step];
                        }
                    });
        } else {
            double[] doubles = x.doubles();
            Runs.forEachOfAll(
                    windows,
                    images,
                    (from, to, n) -> {
                        for (int k = 0; k < n; ++k) {
                            sums[to + k] += doubles[from + k * step];
                        }
                    });
        }
        int[] counts = counts(windows, countPads);
        for (int i = 0; i < sums.length; ++i) {
            sums[i] /= counts[i % counts.length];
        }
        Object out = Types.zerosLike(x.data(), sums.length);
        Rows.store(sums, out, 0, 1);
        return Tensor.of(x.type(), out, shape);
    }

    /** The elements that the window has at each position. */
    private static int[] counts(Windows windows, boolean countPads) {
        int[] counts = {1};
        for (int axis = 0; axis < windows.rank(); ++axis) {
            int positions = windows.output()[axis];
            int[] along = new int[positions];
            for (int i = 0; i < positions; ++i) {
                along[i] = count(windows.axes()[axis], i, windows.input()[axis], countPads);
            }
            int[] before = counts;
            counts = new int[before.length * positions];
            Arrays.setAll(counts, i -> before[i / positions] * along[i % positions]);
        }
        return counts;
    }

    private static int count(Window.Axis window, int position, int size, boolean countPads) {
        int first = countPads ? -window.before() : 0;
        int behind = countPads ? size + window.behind() : size;
        int count = 0;
        for (int element = 0; element < window.kernel(); ++element) {
            int at = position * window.stride() - window.before() + element * window.dilation();
            count += at >= first && at < behind ? 1 : 0;
        }
        return count;
    }

    static List<Tensor> global(GlobalPool operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        int[] shape = x.dims().clone();
        Arrays.fill(shape, 2, shape.length, 1);
        double[] results = new double[Sizes.elements(shape)];
        double[] row = new double[Sizes.product(x.dims(), 2, x.rank())];
        for (int i = 0; i < results.length; ++i) {
            Rows.load(x.data(), i * row.length, 1, row);
            results[i] =
                    operator == GlobalPool.MAX ? Rows.largest(row) : Rows.sum(row) / row.length;
        }
        Object out = Types.zerosLike(x.data(), results.length);
        Rows.store(results, out, 0, 1);
        return List.of(Tensor.of(x.type(), out, shape));
    }
}
