package dev.bonsai.thinning;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import java.util.List;
import java.util.Optional;

/**
 * A weight with some places of its axes only, in the encoding that it has. A grid becomes dense
 * where the elements that share a scale would no longer be runs of one length.
 */
final class WeightCut {

    private final EncodedWeight weight;
    private final int[] shape;

    /** The element of the whole weight that each element of the cut one is. */
    private final int[] picks;

    private WeightCut(EncodedWeight weight, List<int[]> kept) {
        this.weight = weight;
        shape = kept.stream().mapToInt(places -> places.length).toArray();
        int[] indices = {0};
        for (int axis = 0; axis < shape.length; ++axis) {
            int[] places = kept.get(axis);
            int[] next = new int[indices.length * places.length];
            for (int i = 0; i < next.length; ++i) {
                int outer = indices[i / places.length] * weight.shape()[axis];
                next[i] = outer + places[i % places.length];
            }
            indices = next;
        }
        picks = indices;
    }

    /** Cuts a weight to the places that are kept of each axis. */
    static EncodedWeight of(EncodedWeight weight, List<int[]> kept) {
        return new WeightCut(weight, kept).cut();
    }

    private EncodedWeight cut() {
        if (weight instanceof ExactWeight exact) {
            int bytes = exact.type().bytes();
            byte[] data = new byte[picks.length * bytes];
            for (int i = 0; i < picks.length; ++i) {
                System.arraycopy(exact.data(), picks[i] * bytes, data, i * bytes, bytes);
            }
            return new ExactWeight(shape, exact.type(), data);
        }
        if (weight instanceof CodebookWeight shared) {
            Codes all = shared.assignments();
            int last = shared.codebook().length - 1;
            return new CodebookWeight(
                    shape,
                    shared.codebook().clone(),
                    Codes.of(picks.length, 0, last, i -> all.get(picks[i])));
        }
        if (weight instanceof GridWeight grid) {
            Optional<ScaleLayout> layout = layout(grid);
            if (layout.isPresent()) {
                return cut(grid, layout.get());
            }
        }
        float[] all = weight.decode();
        float[] values = new float[picks.length];
        for (int i = 0; i < values.length; ++i) {
            values[i] = all[picks[i]];
        }
        return weight instanceof DenseWeight dense
                ? new DenseWeight(shape, values, dense.format())
                : new DenseWeight(shape, values);
    }

    /** The layout of the scales that are left; empty if they are not runs of one length. */
    private Optional<ScaleLayout> layout(GridWeight grid) {
        ScaleLayout own = grid.layout();
        int rows = own.rows() == 1 ? 1 : shape[0];
        if (rows > 1 && own.rows() != grid.shape()[0]) {
            return Optional.empty();
        }
        int rowLength = picks.length / rows;
        int run = 1;
        while (run < rowLength && own.groupOf(picks[run]) == own.groupOf(picks[0])) {
            ++run;
        }
        ScaleLayout made = new ScaleLayout(rows, rowLength, run);
        for (int i = 1; i < picks.length; ++i) {
            boolean same = own.groupOf(picks[i]) == own.groupOf(picks[i - 1]);
            if (same != (made.groupOf(i) == made.groupOf(i - 1))) {
                return Optional.empty();
            }
        }
        return Optional.of(made);
    }

    private GridWeight cut(GridWeight grid, ScaleLayout layout) {
        float[] scales = new float[layout.groups()];
        int[] zeroPoints = new int[scales.length];
        for (int i = 0; i < picks.length; ++i) {
            int from = grid.layout().groupOf(picks[i]);
            scales[layout.groupOf(i)] = grid.scales()[from];
            zeroPoints[layout.groupOf(i)] = grid.zeroPoints()[from];
        }
        int low = GridWeight.lowestCode(grid.bits());
        Codes all = grid.codes();
        Codes codes = Codes.of(picks.length, low, ~low, i -> all.get(picks[i]));
        return new GridWeight(shape, grid.bits(), layout, codes, scales, zeroPoints);
    }
}
