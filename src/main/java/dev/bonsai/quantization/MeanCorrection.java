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

    /** Corrects all groups, given the lowest and highest step of each. */
    void correct(float[] lowest, float[] highest) {
        int length = steps.length / lowest.length;
        for (int group = 0; group < lowest.length; ++group) {
            int from = group * length;
            double error = 0;
            for (int i = from; i < from + length; ++i) {
                error += error(i);
            }
            int flips = (int) Math.rint(Math.abs(error));
            if (flips > 0) {
                flip(
                        from,
                        from + length,
                        flips,
                        (float) Math.signum(error),
                        lowest[group],
                        highest[group]);
            }
        }
    }

    private float error(int i) {
        float error = exact[i] - steps[i];
        return Math.abs(error) <= Math.abs(exact[i]) * NOISE ? 0 : error;
    }

    private void flip(int from, int to, int flips, float sign, float lowest, float highest) {
        long[] candidates = new long[to - from];
        int count = 0;
        for (int i = from; i < to; ++i) {
            float distance = error(i) * sign;
            float flipped = steps[i] + sign;
            if (distance > 0 && distance <= 0.5f && flipped >= lowest && flipped <= highest) {
                // The nearest to a tie first, then the lowest index.
                candidates[count++] = (long) (HALF - Float.floatToIntBits(distance)) << 32 | i;
            }
        }
        Arrays.sort(candidates, 0, count);
        for (int k = 0; k < Math.min(flips, count); ++k) {
            steps[(int) candidates[k]] += sign;
        }
    }
}
