package dev.bonsai.runtime;

import java.util.Arrays;

/** Numbers per channel. */
final class Channels {

    private Channels() {}

    /** Fills each channel of each element of a batch with its number. */
    static void fill(float[] out, float[] numbers, int inner) {
        int rows = inner == 0 ? 0 : out.length / inner;
        for (int row = 0; row < rows; ++row) {
            Arrays.fill(out, row * inner, (row + 1) * inner, numbers[row % numbers.length]);
        }
    }
}
