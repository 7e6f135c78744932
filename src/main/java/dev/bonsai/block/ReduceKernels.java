package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.operator.ArgMax;
import dev.bonsai.graph.operator.Reduce;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/** One number for many elements. */
final class ReduceKernels {

    private ReduceKernels() {}

    static Kernel reduce(Reduce operator) {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    int[] axes = axes(operator, in, x.getShape());
                    if (axes.length == 0) {
                        return x;
                    }
                    NDArray reduced = reduced(operator, in, x, axes);
                    return reduced.getDataType() == x.getDataType()
                            ? reduced // sums of small integers become wide
                            : in.scratch(reduced).toType(x.getDataType(), false);
                });
    }

    private static int[] axes(Reduce operator, Arguments in, Shape shape) {
        List<Long> given =
                in.has(1)
                        ? LongStream.of(in.longs(1)).boxed().toList()
                        : operator.axes().stream().map(Integer::longValue).toList();
        Set<Integer> axes = operator.reducedAxes(Types.of(shape), given);
        return axes.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    private static NDArray reduced(Reduce operator, Arguments in, NDArray x, int[] axes) {
        boolean keep = operator.keepDims();
        return switch (operator.kind()) {
            case SUM -> x.sum(axes, keep);
            case MEAN -> mean(in, x, axes, keep);
            case MAX ->
                    isEmpty(x, axes)
                            ? ofNothing(in, x, axes, keep, Float.NEGATIVE_INFINITY)
                            : oneByOne(in, x, axes, (a, axis) -> a.max(axis, keep));
            case MIN ->
                    isEmpty(x, axes)
                            ? ofNothing(in, x, axes, keep, Float.POSITIVE_INFINITY)
                            : oneByOne(in, x, axes, (a, axis) -> a.min(axis, keep));
            case PROD -> oneByOne(in, x, axes, (a, axis) -> a.prod(axis, keep));
            case SUM_SQUARE -> in.scratch(x.square()).sum(axes, keep);
            case L1 -> in.scratch(x.abs()).sum(axes, keep);
            case L2 ->
                    x.getDataType().isFloating()
                            ? x.norm(2, axes, keep)
                            : in.scratch(
                                            in.scratch(in.scratch(wide(in, x)).square())
                                                    .sum(axes, keep))
                                    .sqrt();
        };
    }

    private static boolean isEmpty(NDArray x, int... axes) {
        return Arrays.stream(axes).anyMatch(axis -> x.getShape().get(axis) == 0);
    }

    /** What is smaller, or larger, than everything: the engine has none of no elements. */
    private static NDArray ofNothing(
            Arguments in, NDArray x, int[] axes, boolean keep, float value) {
        NDArray sum = in.scratch(x.sum(axes, keep));
        return sum.getManager().full(sum.getShape(), value, x.getDataType());
    }

    private static NDArray wide(Arguments in, NDArray x) {
        return in.scratch(x.toType(DataType.FLOAT64, true));
    }

    private static NDArray mean(Arguments in, NDArray x, int[] axes, boolean keep) {
        if (!x.getDataType().isFloating()) {
            return in.scratch(mean(in, wide(in, x), axes, keep)).trunc();
        }
        if (axes.length == 1) {
            return x.mean(axes, keep);
        }
        long count = 1;
        for (int axis : axes) {
            count *= x.getShape().get(axis);
        }
        return in.scratch(x.sum(axes, keep)).div(in.scalar((double) count, x));
    }

    /** The engine reduces one axis at a time: the last one first, so that the others stay. */
    private static NDArray oneByOne(
            Arguments in, NDArray x, int[] axes, BiFunction<NDArray, int[], NDArray> function) {
        NDArray result = x;
        for (int i = axes.length - 1; i >= 0; --i) {
            result = in.scratch(function.apply(result, new int[] {axes[i]}));
        }
        return result;
    }

    static Kernel argMax(ArgMax operator) {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    int axis = Sizes.axis(operator.axis(), x.getShape().dimension());
                    NDArray places = x.argMax(axis);
                    return operator.keepDims() ? in.scratch(places).expandDims(axis) : places;
                });
    }
}
