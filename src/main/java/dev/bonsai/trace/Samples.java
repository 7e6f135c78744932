package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The inputs of a pass at any sizes, made of those that the user has given: rows are repeated, each
 * time turned by one place, so that they differ. A float input that is the same number everywhere
 * says nothing, and is filled with seeded numbers from 0 to 1 where it is 0, and else with that
 * number and 0.
 */
final class Samples {

    private static final long SEED = 1;

    private final NDList inputs;
    private final List<FreeAxis> free;

    Samples(NDList inputs, List<FreeAxis> free) {
        this.inputs = inputs;
        this.free = free;
    }

    /** Returns inputs with given sizes of the free axes. */
    NDList at(Map<String, Long> sizes, NDManager owner) {
        NDList sized = new NDList(inputs.size());
        for (int i = 0; i < inputs.size(); ++i) {
            NDArray array = inputs.get(i).stopGradient();
            array.attach(owner);
            for (FreeAxis axis : free) {
                if (axis.input() == i) {
                    array = resized(array, axis.axis(), sizes.get(axis.name()));
                }
            }
            NDArray copy = telling(array, new Random(SEED + i));
            copy.attach(owner);
            copy.setName(inputs.get(i).getName());
            sized.add(copy);
        }
        return sized;
    }

    private static NDArray resized(NDArray array, int axis, long size) {
        long own = array.getShape().get(axis);
        int last = array.getShape().dimension() - 1;
        NDArray whole = array;
        NDArray next = array;
        for (long have = own; have < size; have += own) {
            next = last == axis ? next : turned(next, last);
            whole = whole.concat(next, axis);
        }
        return whole.get(NDIndex.sliceAxis(axis, 0, size));
    }

    /** Puts the first element along an axis behind the last. */
    private static NDArray turned(NDArray array, int axis) {
        long size = array.getShape().get(axis);
        return size < 2
                ? array
                : array.get(NDIndex.sliceAxis(axis, 1, size))
                        .concat(array.get(NDIndex.sliceAxis(axis, 0, 1)), axis);
    }

    private static NDArray telling(NDArray array, Random random) {
        if (array.getDataType() != DataType.FLOAT32 || array.size() < 2) {
            return array.duplicate();
        }
        float[] values = array.toFloatArray();
        float first = values[0];
        for (float value : values) {
            if (value != first) {
                return array.duplicate();
            }
        }
        for (int i = 0; i < values.length; ++i) {
            values[i] = first == 0 ? random.nextFloat() : random.nextInt(4) == 0 ? 0 : first;
        }
        return array.getManager().create(values, array.getShape());
    }
}
