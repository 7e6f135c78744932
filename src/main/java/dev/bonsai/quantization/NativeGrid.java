package dev.bonsai.quantization;

import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.NativeFloats;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import java.util.Optional;

/**
 * Rounds rows to a symmetric grid over all values or of root mean squares in plain Java: each
 * element is read once or twice and written once, where the engine's operators would go over the
 * whole weight nine times or more. The bits are the same.
 */
final class NativeGrid {

    /** Added and subtracted, it rounds to the nearest integer, a tie to the even one. */
    private static final float ROUNDER = 0x1.8p23f;

    private final int rowLength;
    private final AffineQuantizer quantizer;
    private final float lowest;
    private final float highest;

    /** Null where the grid spans all values. */
    private final RootMeanSquare roots;

    private NativeGrid(int rowLength, AffineQuantizer quantizer, RootMeanSquare roots) {
        this.rowLength = rowLength;
        this.quantizer = quantizer;
        lowest = quantizer.lowestCode();
        highest = quantizer.highestCode();
        this.roots = roots;
    }

    /**
     * Makes the grid of a weight.
     *
     * @param plan the options
     * @param layout which elements share a scale
     * @return the grid, or empty if the options ask for more than this
     */
    static Optional<NativeGrid> of(GridPlan plan, ScaleLayout layout) {
        AffineQuantizer quantizer = plan.quantizer();
        boolean plain =
                plan.rounding().equals(Rounding.nearestEven())
                        && plan.correction() == ErrorCorrection.NONE
                        && quantizer.mapping() == Mapping.SYMMETRIC
                        && quantizer.scales() == Scales.FREE
                        && quantizer.type() == DataType.FLOAT32
                        && layout.groupsPerRow() == 1;
        if (plain && plan.estimator() instanceof RootMeanSquare roots) {
            return Optional.of(new NativeGrid(layout.rowLength(), quantizer, roots));
        }
        // Over all values, a scale that is not as exact would have values beyond its ends.
        return plain
                        && plan.estimator().equals(RangeEstimator.minMax())
                        && quantizer.scaleFormat() == FloatFormat.FLOAT32
                ? Optional.of(new NativeGrid(layout.rowLength(), quantizer, null))
                : Optional.empty();
    }

    /** Writes the values of a weight, rounded, to where they are to go. */
    void round(NativeFloats weight, NativeFloats target) {
        if (roots == null && NativeFloats.isWhole(rowLength)) {
            weight.write(
                    target,
                    rowLength,
                    (row, values, length) -> round(values, length, scale(bound(values, length))));
            return;
        }
        float[] bounds = bounds(weight);
        weight.write(
                target,
                rowLength,
                (row, values, length) -> round(values, length, scale(bounds[row])));
    }

    private float[] bounds(NativeFloats weight) {
        if (roots == null) {
            return weight.greatest(rowLength, NativeGrid::bound);
        }
        SquareSums sums = new SquareSums(weight.size() / rowLength, rowLength);
        weight.read(rowLength, sums::add);
        return roots.bounds(sums);
    }

    /** Encodes a weight: what {@link #round} makes of it, bit for bit. */
    GridWeight encode(EncodedWeight weight, int bits, ScaleLayout layout) {
        float[] scales = bounds(weight, layout.rows());
        for (int row = 0; row < scales.length; ++row) {
            scales[row] = scale(scales[row]);
        }
        int low = GridWeight.lowestCode(bits);
        Codes.Builder codes = Codes.builder(weight.size(), low, ~low);
        weight.forEachBlock(
                (from, values, length) -> {
                    for (int i = 0; i < length; ++i) {
                        float steps = steps(values[i], scales[(from + i) / rowLength]);
                        codes.set(from + i, (int) steps);
                    }
                });
        return new GridWeight(
                weight.shape(), bits, layout, codes.build(), scales, new int[scales.length]);
    }

    private float[] bounds(EncodedWeight weight, int rows) {
        if (roots == null) {
            float[] bounds = new float[rows];
            weight.forEachBlock(
                    (from, values, length) -> {
                        for (int i = 0; i < length; ++i) {
                            int row = (from + i) / rowLength;
                            bounds[row] = Math.max(bounds[row], Math.abs(values[i]));
                        }
                    });
            return bounds;
        }
        SquareSums sums = new SquareSums(rows, rowLength);
        weight.forEachBlock(sums::add);
        return roots.bounds(sums);
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
        float scale = bound / quantizer.highestCode();
        return quantizer.scaleFormat().round(scale < Float.MIN_NORMAL ? scale + 1 : scale);
    }

    private void round(float[] values, int length, float scale) {
        for (int i = 0; i < length; ++i) {
            values[i] = steps(values[i], scale) * scale;
        }
    }

    /** The whole number of steps from zero, on the grid. */
    private float steps(float value, float scale) {
        float steps = value / scale + ROUNDER - ROUNDER;
        return Math.max(lowest, Math.min(highest, steps));
    }
}
