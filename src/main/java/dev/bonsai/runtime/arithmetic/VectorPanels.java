package dev.bonsai.runtime.arithmetic;

import java.util.Arrays;

/** Products with panels: they are divided into tiles. */
final class VectorPanels {

    private static final int WIDTH = VectorProduct.WIDTH;
    private static final int ROWS = VectorProduct.ROWS;

    /** So many rows of a are multiplied with a panel before the next, so that they stay cached. */
    private static final int BLOCK = 64;

    private VectorPanels() {}

    /**
     * So many rows of a panel are multiplied with a block of a before the next, which the processor
     * reads from memory meanwhile.
     */
    private static final int DEPTH = 96;

    /** Adds a product to the columns of c from one on. */
    static void multiply(Matrix a, PackedPanels b, Matrix c, int first) {
        float[] tile = new float[b.columns() % WIDTH == 0 ? 0 : ROWS * WIDTH];
        for (int from = 0; from < a.rows(); from += BLOCK) {
            int end = Math.min(a.rows(), from + BLOCK);
            for (int column = 0; column < b.columns(); column += WIDTH) {
                int length = Math.min(WIDTH, b.columns() - column);
                for (int l = 0; l < b.rows(); l += DEPTH) {
                    int depth = Math.min(DEPTH, b.rows() - l);
                    for (int row = from; row < end; row += ROWS) {
                        int count = Math.min(ROWS, end - row);
                        int at = c.start(row) + first + column;
                        if (length == WIDTH) {
                            multiply(
                                    a, row, count, b, column, l, depth, c.values(), at, c.stride());
                        } else {
                            Arrays.fill(tile, 0);
                            multiply(a, row, count, b, column, l, depth, tile, 0, WIDTH);
                            add(tile, count, c.values(), at, c.stride(), length);
                        }
                    }
                }
            }
        }
    }

    /** Adds the product of some rows with a part of a panel. */
    private static void multiply(
            Matrix a,
            int row,
            int count,
            PackedPanels b,
            int column,
            int l,
            int depth,
            float[] sums,
            int at,
            int step) {
        float[] x = a.values();
        int start = a.start(row) + l;
        int rowStep = b.rowStep();
        int panel = b.start(column) + l * rowStep;
        if (count == 1) {
            VectorProduct.multiplyRow(x, start, b.values(), panel, rowStep, depth, sums, at);
        } else {
            VectorProduct.multiplyRows(
                    x,
                    start,
                    a.stride(),
                    count - 1,
                    b.values(),
                    panel,
                    rowStep,
                    depth,
                    sums,
                    at,
                    step);
        }
    }

    private static void add(float[] tile, int rows, float[] c, int at, int step, int length) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < length; i++) {
                c[at + row * step + i] += tile[row * WIDTH + i];
            }
        }
    }
}
