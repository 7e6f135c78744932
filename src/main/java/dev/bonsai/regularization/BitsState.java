package dev.bonsai.regularization;

import dev.bonsai.core.TransformState;
import dev.bonsai.encoding.ScaleLayout;
import java.util.Locale;

/**
 * What is known of the codes of a weight.
 *
 * @param strength what a bit adds to the loss
 * @param rows the rows of a {@link ScaleLayout}
 * @param rowLength the elements of a row
 * @param groupLength the elements of a group
 * @param steps the distance of two codes, one a group
 * @param slopes how many bits more the code k + 1 takes than the code k, from 0 on
 */
record BitsState(
        float strength, int rows, int rowLength, int groupLength, float[] steps, float[] slopes)
        implements TransformState {

    BitsState {
        boolean sound = new ScaleLayout(rows, rowLength, groupLength).groups() == steps.length;
        for (float step : steps) {
            sound &= step > 0 && Float.isFinite(step);
        }
        for (float slope : slopes) {
            sound &= Float.isFinite(slope);
        }
        if (!sound) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Codes have a step above 0 in each group, and finite slopes, but got"
                                    + " %d steps of %d rows: use a state that was not changed",
                            steps.length,
                            rows));
        }
    }

    ScaleLayout layout() {
        return new ScaleLayout(rows, rowLength, groupLength);
    }
}
