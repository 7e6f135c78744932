package dev.bonsai.quantization;

import dev.bonsai.core.NativeFloats;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import java.util.Optional;

/**
 * Rounds rows to a symmetric min-max grid in plain Java: each element is read once and written
 * once, where the engine's operators would go over the whole weight nine times. The bits are the
 * same.
 */
final class NativeGrid {

    /** Added and subtracted, it rounds to the nearest integer, a tie to the even one. */
    private static final float ROUNDER = 0x1.8p23f;

    private final int rowLength;
    private final float intervals;

    private NativeGrid(int rowLength, float intervals) {
        this.rowLength = rowLength;
        this.intervals = intervals;
    }

    /**
     * Makes the grid of a weight.
     *
     * @param plan the options
     * @param layout which elements share a scale
     * @return the grid, or empty if the options ask for more than this
     */
    static Optional<NativeGrid> of(GridPlan plan, ScaleLayout layout) {
        boolean nearest = plan.rounding().equals(Rounding.nearestEven());
        return nearest && layout.groupsPerRow() == 1
                ? Optional.of(new NativeGrid(layout.rowLength(), plan.quantizer().highestCode()))
                : Optional.empty();
    }

    /** Writes the values of a weight, rounded, to where they are to go. */
    void round(NativeFloats weight, NativeFloats target) {
        if (NativeFloats.isWhole(rowLength)) {
            weight.write(
                    target,
                    rowLength,
                    (row, values, length) -> round(values, length, scale(bound(values, length))));
            return;
        }
        float[] bounds = weight.greatest(rowLength, NativeGrid::bound);
        weight.write(
                target,
                rowLength,
                (row, values, length) -> round(values, length, scale(bounds[row])));
    }

    /** Encodes a weight: what {@link #round} makes of it, bit for bit. */
    GridWeight encode(EncodedWeight weight, int bits, ScaleLayout layout) {
        float[] scales = new float[layout.rows()];
        weight.forEachBlock(
                (from, values, length) -> {
                    for (int i = 0; i < length; ++i) {
                        int row = (from + i) / rowLength;
                        scales[row] = Math.max(scales[row], Math.abs(values[i]));
                    }
                });
        for (int row = 0; row < scales.length; ++row) {
            scales[row] = scale(scales[row]);
        }
        int low = GridWeight.lowestCode(bits);
        Codes.Builder codes = Codes.builder(weight.size(), low, ~low);
        weight.forEachBlock(
                (from, values, length) -> {
                    for (int i = 0; i < length; ++i) {
                        float steps = values[i] / scales[(from + i) / rowLength];
                        codes.set(from + i, (int) (steps + ROUNDER - ROUNDER));
                    }
                });
        return new GridWeight(
                weight.shape(), bits, layout, codes.build(), scales, new int[scales.length]);
    }

    private static float bound(float[] values, int length) {
        float bound = 0;
        for (int i = 0; i < length; ++i) {
            bound = Math.max(bound, Math.abs(values[i]));
        }
        return bound;
    }

    /** As {@link AffineQuantizer#parameters} does it: a scale that is no normal float becomes 1. */
    private float scale(float bound) {
        float scale = bound / intervals;
        return scale < Float.MIN_NORMAL ? scale + 1 : scale;
    }

    private static void round(float[] values, int length, float scale) {
        for (int i = 0; i < length; ++i) {
            values[i] = (values[i] / scale + ROUNDER - ROUNDER) * scale;
        }
    }
}
