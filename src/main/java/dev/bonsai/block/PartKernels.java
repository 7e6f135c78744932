package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Slice;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.type.GraphException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Parts of values. */
final class PartKernels {

    private PartKernels() {}

    static Kernel split(Split operator) {
        return in -> {
            NDArray x = in.owned(0);
            int axis = Sizes.axis(operator.axis(), x.getShape().dimension());
            long[] sizes =
                    in.has(1)
                            ? in.longs(1)
                            : Split.equal(x.getShape().get(axis), in.results()).stream()
                                    .mapToLong(Long::longValue)
                                    .toArray();
            Value[] parts = new Value[sizes.length];
            long from = 0;
            for (int i = 0; i < parts.length; ++i) {
                parts[i] = Value.of(Parts.slice(x, axis, from, from + sizes[i], 1));
                from += sizes[i];
            }
            return parts;
        };
    }

    static Kernel slice() {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    long[] starts = in.longs(1);
                    long[] ends = in.longs(2);
                    long[] axes = in.longs(3, LongStream.range(0, starts.length).toArray());
                    long[] ones = new long[starts.length];
                    Arrays.fill(ones, 1);
                    long[] steps = in.longs(4, ones);
                    NDArray result = x;
                    for (int i = 0; i < starts.length; ++i) {
                        int axis = Sizes.axis(axes[i], x.getShape().dimension());
                        long size = x.getShape().get(axis);
                        Slice.Part part = Slice.Part.of(size, starts[i], ends[i], steps[i]);
                        if (part.count() != size || part.step() != 1) {
                            result = in.scratch(part(in, result, axis, part));
                        }
                    }
                    return result;
                });
    }

    /** The engine goes forward only. */
    private static NDArray part(Arguments in, NDArray x, int axis, Slice.Part part) {
        long size = x.getShape().get(axis);
        if (part.count() == 0) {
            return Parts.slice(x, axis, 0, 0, 1);
        }
        boolean back = part.step() < 0;
        NDArray turned = back ? in.scratch(x.flip(axis)) : x;
        long step = Math.abs((long) part.step());
        long from = back ? size - 1 - part.start() : part.start();
        long to = from + (part.count() - 1) * step + 1;
        return Parts.slice(turned, axis, from, to, Math.min(step, size));
    }

    static Kernel gather(Gather operator) {
        return Kernel.of(
                in -> {
                    Shape data = in.shape(0);
                    int axis = Sizes.axis(operator.axis(), data.dimension());
                    if (in.numbers(1).isPresent() && in.numbers(1).get().size() == 1) {
                        return one(in, axis, in.numbers(1).get());
                    }
                    NDArray indices = fromFront(in, data.get(axis));
                    if (axis == 0 && data.dimension() == 2 && in.type(0).isFloating()) {
                        return indices.getNDArrayInternal()
                                .embedding(indices, in.array(0), SparseFormat.DENSE)
                                .singletonOrThrow();
                    }
                    NDIndex index = new NDIndex(":,".repeat(axis) + "{}", indices);
                    return in.owned(0).get(index);
                });
    }

    private static NDArray one(Arguments in, int axis, Numbers index) {
        NDArray x = in.owned(0);
        Shape shape = x.getShape();
        long size = shape.get(axis);
        long front = index.values()[0] < 0 ? index.values()[0] + size : index.values()[0];
        if (front < 0 || front >= size) {
            throw new GraphException(
                    "Index " + index.values()[0] + " is outside of the " + size + " elements");
        }
        NDArray part = in.scratch(Parts.slice(x, axis, front, front + 1, 1));
        Shape gathered = shape.slice(0, axis).addAll(index.shape()).addAll(shape.slice(axis + 1));
        return part.reshape(gathered);
    }

    /** Returns the indices as 64-bit integers from the front. */
    private static NDArray fromFront(Arguments in, long size) {
        NDArray given = in.owned(1);
        NDArray indices = given.toType(DataType.INT64, false);
        if (indices != given) {
            in.scratch(indices);
        }
        if (in.numbers(1).isPresent() && LongStream.of(in.longs(1)).noneMatch(index -> index < 0)) {
            return indices;
        }
        NDArray back = in.scratch(indices.lt(in.scalar(0, indices)));
        NDArray wide = in.scratch(back.toType(DataType.INT64, true));
        NDArray added = in.scratch(wide.mul(in.scalar((double) size, indices)));
        return in.scratch(indices.add(added));
    }

    static Kernel pad(Pad operator) {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    Shape shape = x.getShape();
                    List<Long> axes =
                            LongStream.of(
                                            in.longs(
                                                    3,
                                                    LongStream.range(0, shape.dimension())
                                                            .toArray()))
                                    .boxed()
                                    .toList();
                    List<Long> pads = LongStream.of(in.longs(1)).boxed().toList();
                    int[][] amounts = Pad.amounts(Types.of(shape), pads, axes);
                    return switch (operator.mode()) {
                        case CONSTANT -> {
                            float value = in.has(2) ? in.floats(2)[0] : 0;
                            yield Pads.constant(in, x, longs(amounts[0]), longs(amounts[1]), value);
                        }
                        case REFLECT, EDGE -> mirrored(operator.mode(), in, x, amounts);
                    };
                });
    }

    private static long[] longs(int... values) {
        return Arrays.stream(values).asLongStream().toArray();
    }

    private static NDArray mirrored(Pad.Mode mode, Arguments in, NDArray x, int[]... amounts) {
        NDArray result = x;
        for (int axis = 0; axis < amounts[0].length; ++axis) {
            int before = amounts[0][axis];
            long size = x.getShape().get(axis);
            if (before != 0 || amounts[1][axis] != 0) {
                long[] indices = new long[(int) (before + size + amounts[1][axis])];
                Arrays.setAll(indices, i -> index(mode, i - before, size));
                result = Pads.taken(in, result, axis, indices);
            }
        }
        return result;
    }

    private static long index(Pad.Mode mode, long place, long size) {
        if (mode == Pad.Mode.EDGE || size == 1) {
            return Math.max(0, Math.min(size - 1, place));
        }
        long period = 2 * (size - 1);
        long at = Math.floorMod(place, period);
        return at < size ? at : period - at;
    }
}
