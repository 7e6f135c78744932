package dev.bonsai.runtime;

import java.util.Arrays;

/**
 * The matrix of what a window meets: a row per channel and element of the window, a column per
 * position.
 */
final class Columns {

    private Columns() {}

    /** Fills the matrix; what lies in the pads is 0. */
    static void gather(float[] x, int at, int channels, Windows windows, float[] columns) {
        int kernel = windows.kernelSize();
        int positions = windows.outputSize();
        int stride = windows.lastStride();
        boolean padded = hasPads(windows);
        for (int row = 0; row < channels * kernel; ++row) {
            int to = row * positions;
            int from = at + row / kernel * windows.inputSize();
            if (padded) {
                Arrays.fill(columns, to, to + positions, 0f);
            }
            Runs.forEach(
                    windows,
                    row % kernel,
                    (input, column, count) ->
                            Strided.row(x, from + input, stride, columns, to + column, count));
        }
    }

    /** Adds the matrix to the elements that it was of. */
    static void scatter(float[] columns, int channels, Windows windows, float[] x, int at) {
        int kernel = windows.kernelSize();
        int positions = windows.outputSize();
        int stride = windows.lastStride();
        for (int row = 0; row < channels * kernel; ++row) {
            int from = row * positions;
            int to = at + row / kernel * windows.inputSize();
            Runs.forEach(
                    windows,
                    row % kernel,
                    (input, column, count) -> {
                        for (int k = 0; k < count; ++k) {
                            x[to + input + k * stride] += columns[from + column + k];
                        }
                    });
        }
    }

    private static boolean hasPads(Windows windows) {
        for (int i = 0; i < windows.rank(); ++i) {
            int last = windows.axes()[i].kernel() - 1;
            if (windows.reach(i, 0).first() > 0
                    || windows.reach(i, last).behind() < windows.output()[i]) {
                return true;
            }
        }
        return false;
    }
}
