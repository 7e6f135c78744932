package dev.bonsai.tensorboard;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.Tensors;

/** Counts the elements of an array of any type and size, a part of it at a time. */
final class WeightHistogram {

    /** Elements that are looked at together: 2 MB as doubles. */
    private static final long PART = 1 << 18;

    private WeightHistogram() {}

    static Histogram of(NDArray array) {
        Histogram histogram = new Histogram();
        long size = array.size();
        for (long from = 0; from < size; from += PART) {
            try (NDManager scratch = array.getManager().newSubManager()) {
                NDArray flat = Tensors.alias(array, scratch).reshape(size);
                long to = Math.min(size, from + PART);
                NDArray part = flat.get(new NDIndex("{}:{}", from, to));
                for (double value : part.toType(DataType.FLOAT64, true).toDoubleArray()) {
                    histogram.add(value);
                }
            }
        }
        return histogram;
    }
}
