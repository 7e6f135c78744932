package dev.bonsai.runtime.arithmetic;

/**
 * A matrix with many zeros, of which the others are kept: for each column one after the other, with
 * the row that each lies in.
 *
 * @param values what is not zero
 * @param indices the row of each
 * @param starts where each column starts; the last is their number
 * @param rows the number of rows
 * @param columns the number of columns
 */
record SparseRows(float[] values, int[] indices, int[] starts, int rows, int columns)
        implements PackedMatrix {

    /** Returns the number of values that are not zero. */
    static int count(Matrix matrix) {
        int count = 0;
        for (int row = 0; row < matrix.rows(); row++) {
            int start = matrix.start(row);
            for (int i = start; i < start + matrix.columns(); i++) {
                count += matrix.values()[i] == 0 ? 0 : 1;
            }
        }
        return count;
    }

    /** Copies a matrix. */
    static SparseRows of(Matrix matrix) {
        return of(matrix, 1, matrix.stride(), matrix.rows(), matrix.columns());
    }

    /** Copies the transpose of a matrix. */
    static SparseRows ofTransposed(Matrix matrix) {
        return of(matrix, matrix.stride(), 1, matrix.columns(), matrix.rows());
    }

    private static SparseRows of(
            Matrix matrix, int columnStep, int rowStep, int rows, int columns) {
        int count = count(matrix);
        float[] values = new float[count];
        int[] indices = new int[count];
        int[] starts = new int[columns + 1];
        int at = 0;
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rows; row++) {
                float value =
                        matrix.values()[matrix.offset() + column * columnStep + row * rowStep];
                if (value != 0) {
                    values[at] = value;
                    indices[at] = row;
                    at++;
                }
            }
            starts[column + 1] = at;
        }
        return new SparseRows(values, indices, starts, rows, columns);
    }

    /** Adds the product of one row to a row of sums. */
    void multiplyRow(float[] a, int start, float[] sums, int at) {
        for (int column = 0; column < columns; column++) {
            float s0 = 0;
            float s1 = 0;
            int end = starts[column + 1];
            int i = starts[column];
            for (; i + 2 <= end; i += 2) {
                s0 += values[i] * a[start + indices[i]];
                s1 += values[i + 1] * a[start + indices[i + 1]];
            }
            if (i < end) {
                s0 += values[i] * a[start + indices[i]];
            }
            sums[at + column] += s0 + s1;
        }
    }

    /** Puts some rows of a matrix side by side, so that the elements of a column lie together. */
    static void interleave(Matrix a, int row, int count, int width, float[] to) {
        for (int i = 0; i < count; i++) {
            int start = a.start(row + i);
            for (int l = 0; l < a.columns(); l++) {
                to[l * width + i] = a.values()[start + l];
            }
        }
    }
}
