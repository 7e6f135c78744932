package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** Adds elements round axes, or cuts them off. */
final class Pads {

    private Pads() {}

    /**
     * Adds a value before and behind the last axes; negative numbers cut off. A shape of DJL, which
     * its own operator takes, has no negative numbers.
     *
     * @return a new array, which the caller closes
     */
    static NDArray constant(Arguments in, NDArray x, long[] before, long[] behind, double value) {
        int first = x.getShape().dimension() - before.length;
        NDArray cut = x;
        long[] amounts = new long[2 * before.length]; // the engine begins with the last axis
        for (int i = 0; i < before.length; ++i) {
            long size = x.getShape().get(first + i);
            if (before[i] < 0 || behind[i] < 0) {
                long from = Math.max(0, -before[i]);
                long to = size + Math.min(0, behind[i]);
                cut = in.scratch(Parts.slice(cut, first + i, from, to, 1));
            }
            int place = 2 * (before.length - 1 - i);
            amounts[place] = Math.max(0, before[i]);
            amounts[place + 1] = Math.max(0, behind[i]);
        }
        boolean none = Arrays.stream(amounts).allMatch(amount -> amount == 0);
        return none ? cut.reshape(cut.getShape()) : cut.pad(new Shape(amounts), value);
    }

    /**
     * Returns elements along an axis by their indices, such as those of a mirrored axis. Runs of
     * ascending indices are taken together.
     *
     * @return an array that is closed behind the node, or the operand
     */
    static NDArray taken(Arguments in, NDArray x, int axis, long[] indices) {
        NDList runs = new NDList();
        int from = 0;
        while (from < indices.length) {
            int to = from + 1;
            int step = to < indices.length ? (int) (indices[to] - indices[from]) : 1;
            step = step == 1 || step == -1 ? step : 0;
            while (to < indices.length && step != 0 && indices[to] - indices[to - 1] == step) {
                ++to;
            }
            runs.add(in.scratch(run(in, x, axis, indices[from], indices[to - 1])));
            from = to;
        }
        return runs.size() == 1 ? runs.head() : in.scratch(NDArrays.concat(runs, axis));
    }

    private static NDArray run(Arguments in, NDArray x, int axis, long first, long last) {
        if (first <= last) {
            return Parts.slice(x, axis, first, last + 1, 1);
        }
        return in.scratch(Parts.slice(x, axis, last, first + 1, 1)).flip(axis);
    }
}
