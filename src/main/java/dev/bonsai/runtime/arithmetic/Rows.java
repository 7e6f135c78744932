package dev.bonsai.runtime.arithmetic;

import java.util.Arrays;

/** What is done with the rows of results. */
final class Rows {

    private Rows() {}

    /** Clears what a product replaces. */
    static void prepare(Matrix c, Write write) {
        if (write == Write.REPLACE) {
            for (int row = 0; row < c.rows(); row++) {
                Arrays.fill(c.values(), c.start(row), c.start(row) + c.columns(), 0);
            }
        }
    }
}
