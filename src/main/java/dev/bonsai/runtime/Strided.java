package dev.bonsai.runtime;

/** Copies elements that lie at steps from one another. */
final class Strided {

    private Strided() {}

    /**
     * Copies elements into the row-major order of a shape.
     *
     * @param from where they come from
     * @param strides how far the neighbours along each axis of the shape are from one another there
     * @param shape the shape
     * @param to where they go
     */
    static void copy(Object from, int[] strides, int[] shape, Object to) {
        int rank = shape.length;
        int inner = rank; // the axes from here on lie in both as one run
        int run = 1;
        while (inner > 0 && (strides[inner - 1] == run || shape[inner - 1] == 1)) {
            run *= shape[--inner];
        }
        int total = Sizes.elements(shape);
        if (total == 0) {
            return;
        }
        int last = inner - 1;
        int count = inner == 0 ? 1 : shape[last];
        int step = inner == 0 ? 0 : strides[last];
        int[] index = new int[rank];
        int at = 0;
        for (int o = 0; o < total; o += run * count) {
            if (run == 1) {
                row(from, at, step, to, o, count);
            } else {
                runs(from, at, step, to, o, count, run);
            }
            for (int axis = last - 1; axis >= 0; --axis) {
                at += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                at -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
    }

    /** Copies runs; to an array whose type is known when it is compiled that takes less time. */
    private static void runs(Object from, int i, int step, Object to, int o, int count, int run) {
        if (from instanceof float[] floats && to instanceof float[] out) {
            for (int k = 0; k < count; ++k) {
                System.arraycopy(floats, i + k * step, out, o + k * run, run);
            }
        } else {
            for (int k = 0; k < count; ++k) {
                System.arraycopy(from, i + k * step, to, o + k * run, run);
            }
        }
    }

    /** Copies elements at a step from one another into a row. */
    static void row(Object from, int i, int step, Object to, int o, int n) {
        if (step == 1) {
            System.arraycopy(from, i, to, o, n);
        } else if (from instanceof float[] floats) {
            float[] out = (float[]) to;
            for (int k = 0; k < n; ++k) {
                out[o + k] = floats[i + k * step];
            }
        } else if (from instanceof long[] longs) {
            long[] out = (long[]) to;
            for (int k = 0; k < n; ++k) {
                out[o + k] = longs[i + k * step];
            }
        } else {
            double[] doubles = (double[]) from;
            double[] out = (double[]) to;
            for (int k = 0; k < n; ++k) {
                out[o + k] = doubles[i + k * step];
            }
        }
    }
}
