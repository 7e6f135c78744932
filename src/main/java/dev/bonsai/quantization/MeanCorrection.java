package dev.bonsai.quantization;

import java.util.Arrays;

/** Flips roundings until the errors of a group cancel out, see {@link ErrorCorrection#MEAN}. */
final class MeanCorrection {

    /**
     * A part of the value: an error below it is that of the division and no reason to flip. It is
     * more than the 2^-22 by which an affine grid is too narrow on purpose.
     */
    private static final float NOISE = 0x1p-21f;

    private static final int HALF = Float.floatToIntBits(0.5f);

    private final float[] exact;
    private final float[] steps;

    /**
     * Prepares the correction.
     *
     * @param exact the values in steps, group after group
     * @param steps the same, rounded and clamped; they are corrected in place
     */
    MeanCorrection(float[] exact, float[] steps) {
        this.exact = exact;
        this.steps = steps;
    }

    /**
     * What each group is bounded by, in steps.
     *
     * @param lowest the lowest step of the grid
     * @param highest the highest step of the grid
     * @param low the low end of the range; what is there or below is not flipped
     * @param high the high end of the range; what is there or above is not flipped
     */
    record Bounds(float[] lowest, float[] highest, float[] low, float[] high) {

        boolean allow(int group, float exact, float flipped) {
            return exact > low[group]
                    && exact < high[group]
                    && flipped >= lowest[group]
                    && flipped <= highest[group];
        }
    }

    /** Corrects all groups, of which there are as many as bounds. */
    void correct(Bounds bounds) {
        int groups = bounds.lowest.length;
        int length = steps.length / groups;
        for (int group = 0; group < groups; ++group) {
            double error = 0;
            for (int i = group * length; i < (group + 1) * length; ++i) {
                error += error(i);
            }
            double flips = Math.rint(Math.abs(error));
            if (flips > 0) {
                long[] candidates = candidates(group, length, (float) Math.signum(error), bounds);
                for (int k = 0; k < Math.min(flips, candidates.length); ++k) {
                    steps[(int) candidates[k]] += (float) Math.signum(error);
                }
            }
        }
    }

    private float error(int i) {
        float error = exact[i] - steps[i];
        return Math.abs(error) <= Math.abs(exact[i]) * NOISE ? 0 : error;
    }

    /** What may be flipped, the nearest to a tie first, then the lowest index: in the low half. */
    private long[] candidates(int group, int length, float sign, Bounds bounds) {
        long[] candidates = new long[length];
        int count = 0;
        for (int i = group * length; i < (group + 1) * length; ++i) {
            float distance = error(i) * sign;
            if (distance > 0
                    && distance <= 0.5f
                    && bounds.allow(group, exact[i], steps[i] + sign)) {
                candidates[count++] = (long) (HALF - Float.floatToIntBits(distance)) << 32 | i;
            }
        }
        Arrays.sort(candidates, 0, count);
        return Arrays.copyOf(candidates, count);
    }
}
