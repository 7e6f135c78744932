package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Keeps values in a range. */
final class Limits {

    private Limits() {}

    /**
     * Returns the values in a range, as an intermediate result. DJL's operator leaves two arrays in
     * the manager of the array.
     */
    static NDArray clip(Arguments in, NDArray array, Number low, Number high) {
        return in.scratch(clipped(in, array, low, high));
    }

    private static NDArray clipped(Arguments in, NDArray array, Number low, Number high) {
        try (NDManager left = in.manager().newSubManager()) {
            NDArray view = array.reshape(array.getShape());
            view.attach(left);
            NDArray clipped = view.clip(low, high);
            clipped.attach(in.manager());
            return clipped;
        }
    }

    static Kernel clip() {
        return Kernel.of(
                in -> {
                    NDArray x = in.owned(0);
                    if (!in.has(1) && !in.has(2)) {
                        return x;
                    }
                    if (x.getDataType().isFloating()) {
                        float low = in.has(1) ? in.floats(1)[0] : Float.NEGATIVE_INFINITY;
                        float high = in.has(2) ? in.floats(2)[0] : Float.POSITIVE_INFINITY;
                        return clipped(in, x, low, high);
                    }
                    NDArray raised = in.has(1) ? in.scratch(x.maximum(in.array(1))) : x;
                    return in.has(2) ? raised.minimum(in.array(2)) : raised;
                });
    }
}
