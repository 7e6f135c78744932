package dev.bonsai.runtime.arithmetic;

import java.util.Arrays;

/** Products with panels: they are divided into tiles. */
final class VectorPanels {

    private static final int SHARES = VectorProduct.WIDE / VectorProduct.LENGTH;
    private static final int LENGTH = VectorProduct.LENGTH;
    private static final int ROWS = VectorProduct.ROWS;

    /** So many rows of a are multiplied with a panel before the next, so that they stay cached. */
    private static final int BLOCK = 64;

    /**
     * So many rows of a panel are multiplied with a block of a before the next, which the processor
     * reads from memory meanwhile.
     */
    private static final int DEPTH = 96;

    /** What was read ahead; written so that the JIT compiler keeps the reading. */
    static float read;

    private VectorPanels() {}

    /** Adds a product to c. */
    static void multiply(Matrix a, PackedPanels b, Matrix c) {
        for (int from = 0; from < a.rows(); from += BLOCK) {
            int end = Math.min(a.rows(), from + BLOCK);
            for (int column = 0; column < b.columns(); column += b.width(column)) {
                int width = b.width(column);
                for (int l = 0; l < b.rows(); l += DEPTH) {
                    int depth = Math.min(DEPTH, b.rows() - l);
                    int panel = b.start(column) + l * width;
                    multiply(a, from, end, b.values(), panel, width, l, depth, c, column);
                }
            }
        }
    }

    /** Adds a product to c; the parts of the panels are copied one after the other. */
    static void multiply(Matrix a, Matrix b, Matrix c) {
        int columns = b.columns();
        int width = VectorProduct.width(columns);
        if (columns == width && b.stride() == width) {
            multiply(a, 0, a.rows(), b.values(), b.offset(), width, 0, b.rows(), c, 0);
            return; // it is a panel
        }
        float[] part = new float[Math.min(DEPTH, b.rows()) * width];
        for (int column = 0; column < columns; column += width) {
            width = VectorProduct.width(columns - column);
            for (int l = 0; l < b.rows(); l += DEPTH) {
                int depth = Math.min(DEPTH, b.rows() - l);
                PackedPanels.copy(b, l, depth, column, width, part, 0);
                multiply(a, 0, a.rows(), part, 0, width, l, depth, c, column);
            }
        }
    }

    /**
     * Adds the product of some rows with a part of a panel.
     *
     * @param a the left operand
     * @param from its first row that counts
     * @param end the row behind the last
     * @param b what the panel lies in
     * @param panel where the part starts
     * @param width the width of the panel
     * @param l the row of the right operand that the part starts with
     * @param depth the rows of the part
     * @param c the result
     * @param column the column that the panel starts with
     */
    private static void multiply(
            Matrix a,
            int from,
            int end,
            float[] b,
            int panel,
            int width,
            int l,
            int depth,
            Matrix c,
            int column) {
        int length = Math.min(width, c.columns() - column);
        float[] sums = new float[length == width ? 0 : ROWS * width];
        for (int row = from; row < end; row += ROWS) {
            int count = Math.min(ROWS, end - row);
            int start = a.start(row) + l;
            int at = c.start(row) + column;
            if (width == VectorProduct.WIDE) {
                int tile = (row - from) / ROWS;
                int next = ahead(b, panel, depth, tile);
                multiplyWide(a, start, count, b, panel, depth, c.values(), at, c.stride(), next);
            } else if (length == width) {
                multiply(a, start, count, b, panel, width, depth, c.values(), at, c.stride());
            } else {
                Arrays.fill(sums, 0);
                multiply(a, start, count, b, panel, width, depth, sums, 0, width);
                add(sums, count, width, c.values(), at, c.stride(), length);
            }
        }
    }

    private static void multiply(
            Matrix a,
            int start,
            int count,
            float[] b,
            int panel,
            int width,
            int depth,
            float[] sums,
            int at,
            int step) {
        float[] x = a.values();
        int stride = a.stride();
        int last = count - 1;
        if (width == LENGTH && last == 0) {
            VectorOne.multiplyRow(x, start, b, panel, depth, sums, at);
        } else if (width == LENGTH) {
            VectorOne.multiplyRows(x, start, stride, last, b, panel, depth, sums, at, step);
        } else if (last == 0) {
            VectorTwo.multiplyRow(x, start, b, panel, depth, sums, at);
        } else {
            VectorTwo.multiplyRows(x, start, stride, last, b, panel, depth, sums, at, step);
        }
    }

    private static void multiplyWide(
            Matrix a,
            int start,
            int count,
            float[] b,
            int panel,
            int depth,
            float[] sums,
            int at,
            int step,
            int next) {
        float[] x = a.values();
        if (count == 1) {
            VectorFour.multiplyRow(x, start, b, panel, depth, sums, at);
        } else {
            read =
                    VectorFour.multiplyRows(
                            x, start, a.stride(), count - 1, b, panel, depth, sums, at, step, next);
        }
    }

    /** Returns where the share of a tile in what follows a part of a wide panel starts. */
    private static int ahead(float[] b, int panel, int depth, int tile) {
        int share = depth * LENGTH;
        int first = panel + depth * VectorProduct.WIDE;
        return Math.min(first + Math.min(tile, SHARES - 1) * share, b.length - share);
    }

    private static void add(
            float[] tile, int rows, int width, float[] c, int at, int step, int length) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < length; i++) {
                c[at + row * step + i] += tile[row * width + i];
            }
        }
    }
}
