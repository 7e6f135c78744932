package dev.bonsai.runtime;

import java.util.Arrays;

/**
 * Which element of an axis of the operand stands at each place of the same axis of the result. With
 * one of these per axis, a result is a part of its operand, or a repetition, or an enlargement.
 *
 * @param from the index in the operand by the place in the result; {@link #NONE} for no element
 */
record Picks(int[] from) {

    /** Stands for no element of the operand. */
    static final int NONE = -1;

    /** Each element of an axis once. */
    static Picks all(int size) {
        return evenly(0, 1, size);
    }

    /** Elements at a step from one another. */
    static Picks evenly(int start, int step, int count) {
        int[] from = new int[count];
        for (int i = 0; i < count; ++i) {
            from[i] = start + i * step;
        }
        return new Picks(from);
    }

    /** Each element of each axis once. */
    static Picks[] all(int[] shape) {
        Picks[] picks = new Picks[shape.length];
        Arrays.setAll(picks, axis -> all(shape[axis]));
        return picks;
    }

    /** Whether these are the elements of a whole axis in order. */
    private boolean isAll(int size) {
        if (from.length != size) {
            return false;
        }
        for (int i = 0; i < size; ++i) {
            if (from[i] != i) {
                return false;
            }
        }
        return true;
    }

    /** The part of a value that picks per axis make; what has no element becomes a given one. */
    static Tensor of(Tensor x, Picks[] picks, double fill) {
        int[] shape = new int[picks.length];
        Arrays.setAll(shape, axis -> picks[axis].from.length);
        Object out = Types.zerosLike(x.data(), Sizes.elements(shape));
        if (fill != 0) {
            fill(out, fill);
        }
        if (Sizes.elements(shape) > 0) {
            copy(x, picks, shape, out);
        }
        return Tensor.of(x.type(), out, shape);
    }

    private static void fill(Object out, double fill) {
        if (out instanceof float[] floats) {
            Arrays.fill(floats, (float) fill);
        } else if (out instanceof long[] longs) {
            Arrays.fill(longs, (long) fill);
        } else {
            Arrays.fill((double[]) out, fill);
        }
    }

    private static void copy(Tensor x, Picks[] picks, int[] shape, Object out) {
        int inner = shape.length; // the axes from here on are copied as one run
        int run = 1;
        while (inner > 0 && picks[inner - 1].isAll(x.dims()[inner - 1])) {
            run *= shape[--inner];
        }
        if (inner == 0) {
            System.arraycopy(x.data(), 0, out, 0, run);
            return;
        }
        int[] strides = Sizes.strides(x.dims());
        int last = inner - 1;
        int[] index = new int[inner];
        int rows = Sizes.product(shape, 0, last);
        for (int row = 0; row < rows; ++row) {
            int base = 0;
            boolean none = false;
            for (int axis = 0; axis < last; ++axis) {
                int from = picks[axis].from[index[axis]];
                none |= from == NONE;
                base += from * strides[axis];
            }
            if (!none) {
                copyRow(x.data(), base, picks[last].from, run, out, row * shape[last] * run);
            }
            for (int axis = last - 1; axis >= 0 && ++index[axis] == shape[axis]; --axis) {
                index[axis] = 0;
            }
        }
    }

    /** Copies runs, joining those that follow one another. */
    private static void copyRow(Object from, int base, int[] picks, int run, Object out, int o) {
        int i = 0;
        while (i < picks.length) {
            int behind = i + 1;
            if (picks[i] == NONE) {
                i = behind;
                continue;
            }
            while (behind < picks.length && picks[behind] == picks[behind - 1] + 1) {
                ++behind;
            }
            if (behind == i + 1 && run == 1) {
                i = copySingles(from, base, picks, i, out, o);
            } else {
                System.arraycopy(from, base + picks[i] * run, out, o + i * run, (behind - i) * run);
                i = behind;
            }
        }
    }

    /** Copies elements one by one until a run or a gap begins. */
    private static int copySingles(Object from, int base, int[] picks, int i, Object out, int o) {
        int k = i;
        if (from instanceof float[] floats) {
            float[] target = (float[]) out;
            do {
                target[o + k] = floats[base + picks[k]];
            } while (++k < picks.length && picks[k] != NONE && picks[k] != picks[k - 1] + 1);
        } else if (from instanceof long[] longs) {
            long[] target = (long[]) out;
            do {
                target[o + k] = longs[base + picks[k]];
            } while (++k < picks.length && picks[k] != NONE && picks[k] != picks[k - 1] + 1);
        } else {
            double[] doubles = (double[]) from;
            double[] target = (double[]) out;
            do {
                target[o + k] = doubles[base + picks[k]];
            } while (++k < picks.length && picks[k] != NONE && picks[k] != picks[k - 1] + 1);
        }
        return k;
    }
}
