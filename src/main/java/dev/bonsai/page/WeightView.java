package dev.bonsai.page;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import java.util.Optional;

/**
 * The values of one weight, as far as they are shown.
 *
 * @param path the path from the root block
 * @param zeros how many of its elements are exactly zero
 * @param size the number of its elements
 * @param histogram how its values were and are distributed
 * @param keptRows the slices of the first axis, such as output channels, in which a value is left
 * @param rows the slices of the first axis
 * @param mask which elements are kept; empty where none is removed, or it is no matrix
 * @param cell the elements in a cell of the mask, down and across
 * @param filtersBefore the kernels before; empty if that is not known, or it has none
 * @param filters the kernels now; empty if it has none
 */
record WeightView(
        String path,
        int zeros,
        int size,
        Histogram histogram,
        int keptRows,
        int rows,
        Optional<Picture> mask,
        String cell,
        Optional<Picture> filtersBefore,
        Optional<Picture> filters) {

    private static final int LEAST_OF_A_MASK = 1_000;
    private static final int RANK_OF_KERNELS = 4;

    /**
     * Looks at a weight.
     *
     * @param weight the weight as it is now
     * @param before its values before; empty if they are not known
     */
    static WeightView of(NamedWeight weight, float[] before) {
        EncodedWeight value = weight.value();
        float[] now = value.decode();
        int[] shape = value.shape();
        int rows = shape.length == 0 ? 1 : shape[0];
        int columns = rows == 0 ? 0 : now.length / rows;
        int zeros = value.zeros();
        boolean masked = zeros > 0 && shape.length > 1 && now.length >= LEAST_OF_A_MASK;
        double most = Math.max(Histogram.largest(before), Histogram.largest(now));
        boolean same = before.length == now.length;
        return new WeightView(
                weight.path(),
                zeros,
                now.length,
                Histogram.of(before, now),
                keptRows(now, rows, columns),
                rows,
                masked ? Optional.of(Pictures.mask(now, columns)) : Optional.empty(),
                Pictures.cell(rows, columns),
                same ? kernels(before, shape, most) : Optional.empty(),
                kernels(now, shape, most));
    }

    private static Optional<Picture> kernels(float[] values, int[] shape, double most) {
        boolean kernels = shape.length == RANK_OF_KERNELS && shape[2] * shape[3] > 1;
        return kernels && values.length > 0
                ? Optional.of(Pictures.filters(values, shape[0], shape[2], shape[3], most))
                : Optional.empty();
    }

    private static int keptRows(float[] values, int rows, int columns) {
        int kept = 0;
        for (int row = 0; row < rows; ++row) {
            boolean any = false;
            for (int i = 0; i < columns && !any; ++i) {
                any = values[row * columns + i] != 0;
            }
            kept += any ? 1 : 0;
        }
        return kept;
    }
}
