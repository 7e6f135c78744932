package dev.bonsai.runtime;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.operator.ArgMax;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.type.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** One number for the elements along some axes. */
final class ReduceKernels {

    private ReduceKernels() {}

    static List<Tensor> apply(Reduce operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        List<Long> given =
                arguments
                        .integers(1)
                        .orElseGet(() -> operator.axes().stream().map(Integer::longValue).toList());
        if (given.isEmpty() && operator.noAxesIsIdentity()) {
            return List.of(x);
        }
        Set<Integer> gone = operator.reducedAxes(Shape.of(x.dims()), given);
        int[] kept = x.dims().clone();
        int[] shape = new int[kept.length];
        int rank = 0;
        int count = 1;
        for (int axis = 0; axis < kept.length; ++axis) {
            boolean reduced = gone.contains(axis);
            count *= reduced ? kept[axis] : 1;
            kept[axis] = reduced ? 1 : kept[axis];
            if (!reduced || operator.keepDims()) {
                shape[rank++] = kept[axis];
            }
        }
        Object out =
                x.data() instanceof long[] longs
                        ? integers(operator.kind(), x.type(), longs, x.dims(), kept, count)
                        : reals(operator.kind(), x, kept, count);
        return List.of(Tensor.of(x.type(), out, Arrays.copyOf(shape, rank)));
    }

    private static Object reals(Reduce.Kind kind, Tensor x, int[] kept, int count) {
        double[] sums = new double[Sizes.elements(kept)];
        Arrays.fill(sums, start(kind));
        Broadcasting common = Broadcasting.of(x.dims(), kept);
        int n = common.length();
        int step = common.step(1);
        double[] row = new double[n];
        common.forEachRow(
                (result, at) -> {
                    Rows.load(x.data(), at[0], 1, row);
                    join(kind, row, sums, at[1], step);
                });
        for (int i = 0; i < sums.length; ++i) {
            sums[i] = finish(kind, sums[i], count);
        }
        Object out = Types.zerosLike(x.data(), sums.length);
        Rows.store(sums, out, 0, 1);
        return out;
    }

    private static double start(Reduce.Kind kind) {
        return switch (kind) {
            case SUM, MEAN, SUM_SQUARE, L1, L2 -> 0;
            case PROD -> 1;
            case MAX -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
    }

    private static void join(Reduce.Kind kind, double[] row, double[] sums, int at, int step) {
        switch (kind) {
            case SUM, MEAN -> {
                for (int k = 0; k < row.length; ++k) {
                    sums[at + k * step] += row[k];
                }
            }
            case SUM_SQUARE, L2 -> {
                for (int k = 0; k < row.length; ++k) {
                    sums[at + k * step] += row[k] * row[k];
                }
            }
            case L1 -> {
                for (int k = 0; k < row.length; ++k) {
                    sums[at + k * step] += Math.abs(row[k]);
                }
            }
            case PROD -> {
                for (int k = 0; k < row.length; ++k) {
                    sums[at + k * step] *= row[k];
                }
            }
            case MAX -> {
                for (int k = 0; k < row.length; ++k) {
                    sums[at + k * step] = Math.max(sums[at + k * step], row[k]);
                }
            }
            case MIN -> {
                for (int k = 0; k < row.length; ++k) {
                    sums[at + k * step] = Math.min(sums[at + k * step], row[k]);
                }
            }
        }
    }

    private static double finish(Reduce.Kind kind, double sum, int count) {
        return switch (kind) {
            case MEAN -> sum / count;
            case L2 -> Math.sqrt(sum);
            case SUM, MAX, MIN, PROD, SUM_SQUARE, L1 -> sum;
        };
    }

    private static long[] integers(
            Reduce.Kind kind, ElementType type, long[] x, int[] shape, int[] kept, int count) {
        boolean unsigned = type == ElementType.UINT64;
        long flip = unsigned ? Long.MIN_VALUE : 0; // turns the unsigned order into the signed one
        long[] sums = new long[Sizes.elements(kept)];
        long start =
                switch (kind) {
                    case PROD -> 1;
                    case MAX -> least(type);
                    case MIN -> greatest(type);
                    case SUM, MEAN, SUM_SQUARE, L1, L2 -> 0;
                };
        Arrays.fill(sums, start);
        Broadcasting common = Broadcasting.of(shape, kept);
        int n = common.length();
        int step = common.step(1);
        common.forEachRow(
                (result, at) -> {
                    for (int k = 0; k < n; ++k) {
                        int o = at[1] + k * step;
                        long value = x[at[0] + k];
                        sums[o] =
                                switch (kind) {
                                    case SUM, MEAN -> sums[o] + value;
                                    case SUM_SQUARE, L2 -> sums[o] + value * value;
                                    case L1 -> sums[o] + Math.abs(value);
                                    case PROD -> sums[o] * value;
                                    case MAX -> Math.max(sums[o] ^ flip, value ^ flip) ^ flip;
                                    case MIN -> Math.min(sums[o] ^ flip, value ^ flip) ^ flip;
                                };
                    }
                });
        for (int i = 0; i < sums.length; ++i) {
            sums[i] =
                    kind == Reduce.Kind.MEAN && count > 0
                            ? sums[i] / count
                            : kind == Reduce.Kind.L2 ? (long) Math.sqrt((double) sums[i]) : sums[i];
        }
        return sums;
    }

    private static long least(ElementType type) {
        return switch (type) {
            case INT8, INT16, INT32, INT64 -> -1L << (type.bytes() * Byte.SIZE - 1);
            default -> 0;
        };
    }

    private static long greatest(ElementType type) {
        return switch (type) {
            case BOOLEAN -> 1;
            case UINT64 -> -1;
            case UINT8, UINT16, UINT32 -> (1L << (type.bytes() * Byte.SIZE)) - 1;
            default -> ~least(type);
        };
    }

    static List<Tensor> argMax(ArgMax operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        int axis = Sizes.axis(operator.axis(), x.rank());
        int size = x.dims()[axis];
        int inner = Sizes.product(x.dims(), axis + 1, x.rank());
        int outer = Sizes.product(x.dims(), 0, axis);
        long[] places = new long[outer * inner];
        for (int i = 0; i < places.length; ++i) {
            int first = i / inner * size * inner + i % inner;
            int best = 0;
            for (int k = 1; k < size; ++k) {
                if (larger(x.data(), first + k * inner, first + best * inner)) {
                    best = k;
                }
            }
            places[i] = best;
        }
        int[] shape = Sizes.with(x.dims(), axis, 1);
        if (!operator.keepDims()) {
            System.arraycopy(shape, axis + 1, shape, axis, shape.length - axis - 1);
            shape = Arrays.copyOf(shape, shape.length - 1);
        }
        return List.of(Tensor.of(places, shape));
    }

    private static boolean larger(Object data, int i, int than) {
        return data instanceof long[] longs
                ? longs[i] > longs[than]
                : Types.real(data, i) > Types.real(data, than);
    }
}
