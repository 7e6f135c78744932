package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The axes of inputs that are free where a user names none, and the sizes that are tried. */
final class StandardAxes {

    /** Sizes of a batch that are traced, and that the graph is compared at. */
    private static final long[] BATCHES = {3, 5, 2, 7};

    /** A sequence of at least this length is traced at shorter ones, else at longer ones. */
    private static final int LONG = 5;

    private StandardAxes() {}

    /** Axis 0 of all inputs that are as long there as the first. */
    static List<FreeAxis> batch(NDList inputs) {
        List<FreeAxis> axes = new ArrayList<>();
        Shape first = inputs.head().getShape();
        for (int i = 0; i < inputs.size(); ++i) {
            Shape shape = inputs.get(i).getShape();
            if (first.dimension() > 0 && shape.dimension() > 0 && shape.get(0) == first.get(0)) {
                axes.add(new FreeAxis(i, 0, FreeAxis.BATCH));
            }
        }
        return axes;
    }

    /** Axis 1 of sequences, and of further inputs of the same length. */
    static List<FreeAxis> length(NDList inputs) {
        long length = 0;
        for (NDArray input : inputs) {
            boolean sequence =
                    input.getShape().dimension() == 3
                            || (input.getShape().dimension() == 2
                                    && input.getDataType().isInteger());
            length = sequence && length == 0 ? input.getShape().get(1) : length;
        }
        List<FreeAxis> axes = new ArrayList<>();
        for (int i = 0; i < inputs.size(); ++i) {
            Shape shape = inputs.get(i).getShape();
            boolean together = shape.dimension() == 2 || shape.dimension() == 3;
            if (length > 1 && together && shape.get(1) == length) {
                axes.add(new FreeAxis(i, 1, FreeAxis.LENGTH));
            }
        }
        return axes;
    }

    /** Checks axes that a user has named. */
    static void check(List<FreeAxis> free, NDList inputs) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (FreeAxis axis : free) {
            if (axis.input() >= inputs.size()
                    || axis.axis() >= inputs.get(axis.input()).getShape().dimension()) {
                throw new TraceException(
                        "There is no axis "
                                + axis.axis()
                                + " of input "
                                + axis.input()
                                + ": the inputs have the shapes "
                                + java.util.Arrays.toString(inputs.getShapes()));
            }
            long size = size(axis, inputs);
            if (sizes.getOrDefault(axis.name(), size) != size) {
                throw new TraceException(
                        "The free dimension "
                                + axis.name()
                                + " has the sizes "
                                + sizes.get(axis.name())
                                + " and "
                                + size
                                + " in the samples: give one of them another name");
            }
            sizes.put(axis.name(), size);
        }
    }

    private static long size(FreeAxis axis, NDList inputs) {
        return inputs.get(axis.input()).getShape().get(axis.axis());
    }

    /**
     * Returns sizes of the free dimensions.
     *
     * @param which 0 and 1 for what is traced, 2 and 3 for what is compared
     */
    static Map<String, Long> sizes(List<FreeAxis> free, NDList inputs, int which) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (FreeAxis axis : free) {
            long own = size(axis, inputs);
            long longer = Math.max(2, own) + which;
            sizes.putIfAbsent(
                    axis.name(),
                    axis.axis() == 0 ? BATCHES[which] : own < LONG ? longer : own - which);
        }
        return sizes;
    }
}
