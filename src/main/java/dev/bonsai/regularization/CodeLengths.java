package dev.bonsai.regularization;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import java.util.Arrays;

/**
 * Estimates the bits of codes by how frequent their magnitudes are: {@code log2((n + (m + 1) / 2) /
 * (n_k + 1/2))} for n_k of n codes of the magnitude k up to m, and one for the sign.
 */
final class CodeLengths {

    /** The largest code of 8 bits: of finer grids there are too many magnitudes to count. */
    private static final int MOST = 127;

    /** A weight that lies on no such grid is counted in steps of this part of its size. */
    private static final float PART = 0.5f;

    /** As many steps are counted then. */
    private static final int STEPS = 16;

    private CodeLengths() {}

    static BitsState of(EncodedWeight weight, float strength) {
        return weight instanceof GridWeight grid
                        && grid.isSymmetric()
                        && ~GridWeight.lowestCode(grid.bits()) <= MOST
                ? ofGrid(grid, strength)
                : ofValues(weight, strength);
    }

    private static BitsState ofGrid(GridWeight grid, float strength) {
        long[] counts = new long[1 - GridWeight.lowestCode(grid.bits())];
        for (int i = 0; i < grid.size(); ++i) {
            ++counts[Math.abs(grid.codes().get(i))];
        }
        return state(strength, grid.layout(), grid.scales(), counts);
    }

    /** As if it lay on the grid of 3 bits that is best for a normal distribution. */
    private static BitsState ofValues(EncodedWeight weight, float strength) {
        double[] sum = new double[2];
        weight.forEachBlock(
                (from, values, length) -> {
                    for (int i = 0; i < length; ++i) {
                        sum[0] += (double) values[i] * values[i];
                        sum[1] += values[i] == 0 ? 0 : 1;
                    }
                });
        float step = (float) (PART * Math.sqrt(sum[0] / Math.max(1, sum[1])));
        float usable = step >= Float.MIN_NORMAL && Float.isFinite(step) ? step : 1;
        long[] counts = new long[STEPS + 1];
        weight.forEachBlock(
                (from, values, length) -> {
                    for (int i = 0; i < length; ++i) {
                        double code = Math.rint(Math.abs(values[i]) / usable);
                        ++counts[(int) Math.min(STEPS, code)];
                    }
                });
        ScaleLayout layout = ScaleLayout.perTensor(weight.size());
        return state(strength, layout, new float[] {usable}, counts);
    }

    private static BitsState state(
            float strength, ScaleLayout layout, float[] steps, long... counts) {
        double all = Arrays.stream(counts).sum() + counts.length / 2.0;
        float[] slopes = new float[counts.length - 1];
        for (int k = 0; k < slopes.length; ++k) {
            int sign = k == 0 ? 1 : 0;
            slopes[k] = (float) (sign + bits(all, counts[k + 1]) - bits(all, counts[k]));
        }
        return new BitsState(
                strength, layout.rows(), layout.rowLength(), layout.groupLength(), steps, slopes);
    }

    private static double bits(double all, long count) {
        return StrictMath.log(all / (count + 0.5)) / StrictMath.log(2);
    }
}
