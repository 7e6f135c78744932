package dev.bonsai.runtime.arithmetic;

/**
 * A matrix in blocks of columns, each with an array per row, all from index 0: loops over several
 * such arrays with one index are those that the JIT compiler turns into vector instructions.
 *
 * @param values the arrays, by block and row
 * @param rows the number of rows
 * @param columns the number of columns
 */
record PackedRows(float[][][] values, int rows, int columns) implements PackedMatrix {

    /** So that a few rows of a block and of the sums stay in the first-level cache. */
    private static final int MAX_WIDTH = 768;

    private static final int ALIGNMENT = 16;

    /** Returns the width of the blocks but the last, which has the rest. */
    static int width(int columns) {
        int blocks = (columns + MAX_WIDTH - 1) / MAX_WIDTH;
        int width = blocks == 0 ? 0 : (columns + blocks - 1) / blocks;
        return (width + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Copies a matrix. */
    static PackedRows of(Matrix matrix) {
        float[][][] values = zeros(matrix.rows(), matrix.columns());
        int at = 0;
        for (float[][] block : values) {
            for (int row = 0; row < block.length; row++) {
                System.arraycopy(
                        matrix.values(), matrix.start(row) + at, block[row], 0, block[row].length);
            }
            at += width(matrix.columns());
        }
        return new PackedRows(values, matrix.rows(), matrix.columns());
    }

    /** Copies the transpose of a matrix. */
    static PackedRows ofTransposed(Matrix matrix) {
        float[][][] values = zeros(matrix.columns(), matrix.rows());
        int width = width(matrix.rows());
        for (int row = 0; row < matrix.rows(); row++) {
            int start = matrix.start(row);
            float[][] block = values[row / width];
            int column = row % width;
            for (int l = 0; l < block.length; l++) {
                block[l][column] = matrix.values()[start + l];
            }
        }
        return new PackedRows(values, matrix.columns(), matrix.rows());
    }

    private static float[][][] zeros(int rows, int columns) {
        int width = width(columns);
        float[][][] values = new float[width == 0 ? 0 : (columns + width - 1) / width][rows][];
        for (int block = 0; block < values.length; block++) {
            for (int row = 0; row < rows; row++) {
                values[block][row] = new float[Math.min(width, columns - block * width)];
            }
        }
        return values;
    }
}
