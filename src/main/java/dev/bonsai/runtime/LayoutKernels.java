package dev.bonsai.runtime;

import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.type.GraphException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The same elements in another shape or order. */
final class LayoutKernels {

    private LayoutKernels() {}

    static List<Tensor> reshape(Reshape operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        int[] shape = arguments.get(1).ints();
        int rest = -1;
        for (int i = 0; i < shape.length; ++i) {
            if (shape[i] == 0 && !operator.allowZero()) {
                shape[i] = kept(x, i);
            } else if (shape[i] == -1) {
                rest = i;
                shape[i] = 1;
            }
        }
        if (rest >= 0) {
            int named = Sizes.elements(shape);
            shape[rest] = named == 0 ? 0 : x.size() / named;
        }
        return List.of(x.withShape(shape));
    }

    private static int kept(Tensor x, int axis) {
        if (axis >= x.rank()) {
            throw new GraphException("0 at place %s keeps a dimension that %s lacks", axis, x);
        }
        return x.dims()[axis];
    }

    static List<Tensor> flatten(Flatten operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        int axis = operator.axis() < 0 ? operator.axis() + x.rank() : operator.axis();
        return List.of(
                x.withShape(
                        Sizes.product(x.dims(), 0, axis), Sizes.product(x.dims(), axis, x.rank())));
    }

    static List<Tensor> squeeze(Arguments arguments) {
        Tensor x = arguments.get(0);
        Set<Integer> gone = new TreeSet<>();
        if (arguments.has(1)) {
            for (long axis : arguments.longs(1)) {
                gone.add(Sizes.axis(axis, x.rank()));
            }
        }
        int[] kept = new int[x.rank()];
        int rank = 0;
        for (int i = 0; i < kept.length; ++i) {
            boolean goes = arguments.has(1) ? gone.contains(i) : x.dims()[i] == 1;
            if (!goes) {
                kept[rank++] = x.dims()[i];
            }
        }
        return List.of(x.withShape(Arrays.copyOf(kept, rank)));
    }

    static List<Tensor> unsqueeze(Arguments arguments) {
        Tensor x = arguments.get(0);
        long[] axes = arguments.longs(1);
        int[] shape = new int[x.rank() + axes.length];
        for (long axis : axes) {
            shape[Sizes.axis(axis, shape.length)] = 1;
        }
        int next = 0;
        for (int i = 0; i < shape.length; ++i) {
            boolean added = shape[i] == 1;
            shape[i] = added ? 1 : x.dims()[next++];
        }
        return List.of(x.withShape(shape));
    }

    static List<Tensor> transpose(Transpose operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        int rank = x.rank();
        List<Integer> order = operator.order(rank);
        int[] own = Sizes.strides(x.dims());
        int[] shape = new int[rank];
        int[] strides = new int[rank];
        for (int i = 0; i < rank; ++i) {
            shape[i] = x.dims()[order.get(i)];
            strides[i] = own[order.get(i)];
        }
        Object out = arguments.arrayLike(x.data(), x.size());
        Strided.copy(x.data(), strides, shape, out);
        return List.of(Tensor.of(x.type(), out, shape));
    }
}
