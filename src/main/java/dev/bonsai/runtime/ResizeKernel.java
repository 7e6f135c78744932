package dev.bonsai.runtime;

import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.type.GraphException;
import java.util.List;

/** Enlargement and reduction along axes, one axis behind the other. */
final class ResizeKernel {

    private static final float HALF = 0.5f;

    private ResizeKernel() {}

    static List<Tensor> apply(Resize operator, Arguments arguments) {
        Tensor x = arguments.get(0);
        float[] scales = arguments.has(2) ? arguments.floats(2) : new float[0];
        List<Long> sizes = arguments.integers(3).orElse(List.of());
        List<Resize.Extent> extents = operator.extents(x.dims(), scales, sizes);
        if (operator.mode() == Resize.Mode.NEAREST) {
            Picks[] picks = new Picks[x.rank()];
            for (int axis = 0; axis < picks.length; ++axis) {
                picks[axis] = nearest(operator, extents.get(axis), x.dims()[axis]);
            }
            return List.of(Picks.of(x, picks, 0));
        }
        Tensor result = x;
        for (int axis = 0; axis < x.rank(); ++axis) {
            Resize.Extent extent = extents.get(axis);
            if (extent.size() != x.dims()[axis] || extent.scale() != 1f) {
                result = linear(operator, extent, result, axis);
            }
        }
        return List.of(result);
    }

    private static Picks nearest(Resize operator, Resize.Extent extent, int size) {
        int[] from = new int[extent.size()];
        for (int i = 0; i < from.length; ++i) {
            double place = place(operator.coordinates(), i, extent, size);
            int rounded =
                    (int)
                            switch (operator.nearest()) {
                                case ROUND_PREFER_FLOOR -> Math.ceil(place - HALF);
                                case ROUND_PREFER_CEIL -> Math.floor(place + HALF);
                                case FLOOR -> Math.floor(place);
                                case CEIL -> Math.ceil(place);
                            };
            from[i] = within(rounded, size);
        }
        return new Picks(from);
    }

    private static int within(int index, int size) {
        return Math.max(0, Math.min(size - 1, index));
    }

    /** The place in the operand that an element of the result stands for. */
    private static float place(
            Resize.Coordinates coordinates, int i, Resize.Extent extent, int size) {
        float scale = extent.scale();
        return switch (coordinates) {
            case HALF_PIXEL -> (i + HALF) / scale - HALF;
            case HALF_PIXEL_SYMMETRIC -> {
                float whole = scale * size; // the size as it would be without rounding
                yield size / 2f * (1 - extent.size() / whole) + (i + HALF) / scale - HALF;
            }
            case PYTORCH_HALF_PIXEL -> extent.size() == 1 ? 0f : (i + HALF) / scale - HALF;
            case ALIGN_CORNERS ->
                    extent.size() == 1 ? 0f : (float) i * (size - 1) / (extent.size() - 1);
            case ASYMMETRIC -> i / scale;
        };
    }

    private static Tensor linear(Resize operator, Resize.Extent extent, Tensor x, int axis) {
        int size = x.dims()[axis];
        int inner = Sizes.product(x.dims(), axis + 1, x.rank());
        int outer = Sizes.product(x.dims(), 0, axis);
        int[] shape = Sizes.with(x.dims(), axis, extent.size());
        Object out = Types.zerosLike(x.data(), Sizes.elements(shape));
        for (int i = 0; i < extent.size(); ++i) {
            float place = place(operator.coordinates(), i, extent, size);
            int below = (int) Math.floor(place);
            float part = place - below;
            int low = within(below, size) * inner;
            int high = within(below + 1, size) * inner;
            for (int k = 0; k < outer; ++k) {
                int at = k * size * inner;
                int to = (k * extent.size() + i) * inner;
                mix(x, at + low, at + high, part, out, to, inner);
            }
        }
        return Tensor.of(x.type(), out, shape);
    }

    private static void mix(Tensor x, int low, int high, float part, Object out, int o, int n) {
        if (x.data() instanceof float[] floats) {
            mix(floats, low, high, part, (float[]) out, o, n);
        } else if (x.data() instanceof double[] doubles) {
            double[] to = (double[]) out;
            for (int k = 0; k < n; ++k) {
                to[o + k] = doubles[low + k] * (1 - part) + doubles[high + k] * part;
            }
        } else {
            throw new GraphException("Resize is linear for floats only, but got %s", x);
        }
    }

    private static void mix(float[] x, int low, int high, float part, float[] out, int o, int n) {
        float rest = 1 - part;
        for (int k = 0; k < n; ++k) {
            out[o + k] = x[low + k] * rest + x[high + k] * part;
        }
    }
}
