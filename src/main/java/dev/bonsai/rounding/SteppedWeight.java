package dev.bonsai.rounding;

import dev.bonsai.encoding.GridWeight;
import java.nio.FloatBuffer;

/**
 * A weight on a grid, and what its elements were before they were rounded to it.
 *
 * @param grid the weight on a symmetric grid
 * @param latent the elements before, in row-major order
 * @param importance what the squared error of each element is multiplied by; empty for 1
 */
record SteppedWeight(GridWeight grid, FloatBuffer latent, FloatBuffer importance) {

    /** Returns the error of an element that has a code, in squared steps of the grid. */
    double error(int index, int code) {
        double scale = grid.scales()[grid.layout().groupOf(index)];
        double error = latent.get(index) / scale - code;
        double squared = error * error;
        return importance.hasRemaining() ? importance.get(index) * squared : squared;
    }
}
