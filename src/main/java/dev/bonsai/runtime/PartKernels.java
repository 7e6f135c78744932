package dev.bonsai.runtime;

import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Slice;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Values that are put together, cut apart, or repeated. */
final class PartKernels {

    private PartKernels() {}

    static List<Tensor> concat(Concat operator, Arguments arguments) {
        Tensor first = arguments.get(0);
        int axis = Sizes.axis(operator.axis(), first.rank());
        int size = 0;
        for (int i = 0; i < arguments.count(); ++i) {
            size += arguments.shape(i)[axis];
        }
        int[] shape = Sizes.with(first.dims(), axis, size);
        Object out = Types.zerosLike(first.data(), Sizes.elements(shape));
        int outer = Sizes.product(shape, 0, axis);
        int row = Sizes.product(shape, axis, shape.length);
        int at = 0;
        for (int i = 0; i < arguments.count(); ++i) {
            Tensor part = arguments.get(i);
            int own = Sizes.product(part.dims(), axis, shape.length);
            for (int k = 0; k < outer; ++k) {
                System.arraycopy(part.data(), k * own, out, k * row + at, own);
            }
            at += own;
        }
        return List.of(Tensor.of(first.type(), out, shape));
    }

    static List<Tensor> split(Split operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        int axis = Sizes.axis(operator.axis(), x.rank());
        int count = arguments.results();
        List<Long> sizes =
                arguments.integers(1).orElseGet(() -> Split.equal(x.dims()[axis], count));
        List<Tensor> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < count; ++i) {
            int size = Math.toIntExact(sizes.get(i));
            parts.add(part(x, axis, start, size));
            start += size;
        }
        return parts;
    }

    private static Tensor part(Tensor x, int axis, int start, int size) {
        int[] shape = Sizes.with(x.dims(), axis, size);
        int inner = Sizes.product(shape, axis + 1, shape.length);
        int outer = Sizes.product(shape, 0, axis);
        Object out = Types.zerosLike(x.data(), Sizes.elements(shape));
        int row = x.dims()[axis] * inner;
        for (int k = 0; k < outer; ++k) {
            System.arraycopy(
                    x.data(), k * row + start * inner, out, k * size * inner, size * inner);
        }
        return Tensor.of(x.type(), out, shape);
    }

    static List<Tensor> slice(Arguments arguments) {
        Tensor x = arguments.get(0);
        long[] starts = arguments.longs(1);
        long[] ends = arguments.longs(2);
        Picks[] picks = Picks.all(x.dims());
        for (int i = 0; i < starts.length; ++i) {
            int axis = Sizes.axis(arguments.has(3) ? arguments.longs(3)[i] : i, x.rank());
            long step = arguments.has(4) ? arguments.longs(4)[i] : 1;
            Slice.Part part = Slice.Part.of(x.dims()[axis], starts[i], ends[i], step);
            picks[axis] = Picks.evenly(part.start(), part.step(), part.count());
        }
        return List.of(Picks.of(x, picks, 0));
    }

    static List<Tensor> gather(Gather operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        int axis = Sizes.axis(operator.axis(), x.rank());
        int size = x.dims()[axis];
        long[] indices = arguments.longs(1);
        int outer = Sizes.product(x.dims(), 0, axis);
        int inner = Sizes.product(x.dims(), axis + 1, x.rank());
        int[] shape = gathered(x.dims(), axis, arguments.shape(1));
        Object out = Types.zerosLike(x.data(), Sizes.elements(shape));
        int o = 0;
        for (int k = 0; k < outer; ++k) {
            for (long index : indices) {
                long front = index < 0 ? index + size : index;
                if (front < 0 || front >= size) {
                    throw new GraphException(
                            "Index %s is outside of the %s elements of axis %s", index, size, axis);
                }
                System.arraycopy(x.data(), (k * size + (int) front) * inner, out, o, inner);
                o += inner;
            }
        }
        return List.of(Tensor.of(x.type(), out, shape));
    }

    private static int[] gathered(int[] shape, int axis, int[] indices) {
        int[] result = new int[shape.length - 1 + indices.length];
        System.arraycopy(shape, 0, result, 0, axis);
        System.arraycopy(indices, 0, result, axis, indices.length);
        int behind = shape.length - axis - 1;
        System.arraycopy(shape, axis + 1, result, axis + indices.length, behind);
        return result;
    }

    static List<Tensor> expand(Arguments arguments) {
        Tensor x = arguments.get(0);
        int[] shape = Broadcasting.of(x.dims(), arguments.get(1).ints()).shape();
        Tensor ranked = x.withShape(ofRank(x.dims(), shape.length));
        Picks[] picks = Picks.all(ranked.dims());
        for (int axis = 0; axis < shape.length; ++axis) {
            if (ranked.dims()[axis] != shape[axis]) {
                picks[axis] = Picks.evenly(0, 0, shape[axis]);
            }
        }
        return List.of(Picks.of(ranked, picks, 0));
    }

    private static int[] ofRank(int[] shape, int rank) {
        int[] longer = new int[rank];
        Arrays.fill(longer, 1);
        System.arraycopy(shape, 0, longer, rank - shape.length, shape.length);
        return longer;
    }

    static List<Tensor> tile(Arguments arguments) {
        Tensor x = arguments.get(0);
        int[] repeats = arguments.get(1).ints();
        if (repeats.length != x.rank()) {
            throw new GraphException("%s can't be repeated %s times", x, Arrays.toString(repeats));
        }
        Picks[] picks = new Picks[x.rank()];
        for (int axis = 0; axis < picks.length; ++axis) {
            int size = x.dims()[axis];
            int[] from = new int[Math.multiplyExact(size, repeats[axis])];
            Arrays.setAll(from, i -> i % size);
            picks[axis] = new Picks(from);
        }
        return List.of(Picks.of(x, picks, 0));
    }

    static List<Tensor> pad(Pad operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        List<Long> axes =
                arguments.integers(3).orElse(LongStream.range(0, x.rank()).boxed().toList());
        int[][] added = Pad.amounts(Shape.of(x.dims()), arguments.integers(1).orElseThrow(), axes);
        Picks[] picks = new Picks[x.rank()];
        for (int axis = 0; axis < picks.length; ++axis) {
            int size = x.dims()[axis];
            int first = -added[0][axis];
            int[] from = new int[Math.max(0, size + added[0][axis] + added[1][axis])];
            Arrays.setAll(from, i -> padded(operator.mode(), first + i, size));
            picks[axis] = new Picks(from);
        }
        double value = arguments.has(2) ? Types.real(arguments.get(2).data(), 0) : 0;
        return List.of(Picks.of(x, picks, value));
    }

    /** The element that stands at a place, which may lie outside of the axis. */
    private static int padded(Pad.Mode mode, int place, int size) {
        if (place >= 0 && place < size) {
            return place;
        }
        return switch (mode) {
            case CONSTANT -> Picks.NONE;
            case EDGE -> place < 0 ? 0 : size - 1;
            case REFLECT -> reflected(place, size);
        };
    }

    private static int reflected(int place, int size) {
        if (size == 1) {
            return 0;
        }
        int period = 2 * (size - 1);
        int within = Math.floorMod(place, period);
        return within < size ? within : period - within;
    }
}
