package dev.bonsai.runtime.arithmetic;

import java.util.Objects;

/**
 * A view of a matrix in an array, by rows: the element in row i and column j is {@code
 * values[offset + i * stride + j]}. The array is not copied.
 *
 * @param values the array
 * @param offset where the first row starts
 * @param rows the number of rows
 * @param columns the number of columns
 * @param stride the distance between the starts of two rows, at least {@code columns}
 */
public record Matrix(float[] values, int offset, int rows, int columns, int stride) {

    /** Checks that every element lies in the array. */
    public Matrix {
        Objects.requireNonNull(values, "values");
        long end = offset + (long) (rows - 1) * stride + columns;
        boolean empty = rows == 0 || columns == 0;
        if (rows < 0 || columns < 0 || offset < 0 || stride < columns) {
            throw new IllegalArgumentException(
                    "A matrix of "
                            + rows
                            + " x "
                            + columns
                            + " elements with offset "
                            + offset
                            + " and stride "
                            + stride
                            + ": none may be negative, and the stride is at least the columns.");
        }
        if (!empty && end > values.length) {
            throw new IllegalArgumentException(
                    "A matrix of "
                            + rows
                            + " x "
                            + columns
                            + " elements with offset "
                            + offset
                            + " and stride "
                            + stride
                            + " ends at "
                            + end
                            + ", after the end of an array of "
                            + values.length
                            + ": give a larger array.");
        }
    }

    /**
     * Returns a view of an array without gaps, from its start.
     *
     * @param values the array
     * @param rows the number of rows
     * @param columns the number of columns
     * @return the view
     */
    public static Matrix of(float[] values, int rows, int columns) {
        return new Matrix(values, 0, rows, columns, columns);
    }

    /**
     * Returns a view of an array without gaps.
     *
     * @param values the array
     * @param offset where the first row starts
     * @param rows the number of rows
     * @param columns the number of columns
     * @return the view
     */
    public static Matrix of(float[] values, int offset, int rows, int columns) {
        return new Matrix(values, offset, rows, columns, columns);
    }

    /** Returns where a row starts in the array. */
    int start(int row) {
        return offset + row * stride;
    }

    /** Returns the size, for messages. */
    String size() {
        return rows + " x " + columns;
    }
}
