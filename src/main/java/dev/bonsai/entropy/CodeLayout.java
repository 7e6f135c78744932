package dev.bonsai.entropy;

import java.util.Locale;

/**
 * How the elements of a weight are looked at: as a matrix, row by row, whose columns belong to
 * units of so many consecutive columns each, such as the kernel of one input channel.
 *
 * @param size the number of elements; the last row may be shorter
 * @param columns the number of columns
 * @param span the columns of a unit, from 1 to {@code columns}
 */
public record CodeLayout(int size, int columns, int span) {

    /** The columns of a vector, which is looked at as rows of so many. */
    private static final int OF_VECTOR = 4096;

    /** A matrix of more columns is looked at as a vector. */
    private static final int MOST_COLUMNS = 1 << 16;

    public CodeLayout {
        if (size < 0 || columns < 1 || span < 1 || span > columns) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A layout has a size >= 0, columns >= 1 and units of 1 to all columns,"
                                    + " but got %d elements, %d columns and units of %d",
                            size,
                            columns,
                            span));
        }
    }

    /** Elements in one row after the other, with no meaning to their columns. */
    public static CodeLayout vector(int size) {
        return new CodeLayout(size, Math.max(1, Math.min(OF_VECTOR, size)), 1);
    }

    /**
     * Looks at a weight of a shape: a row per index of its outermost dimension, a unit per index of
     * the next one. What has fewer than two dimensions, or very long rows, is a vector.
     *
     * @param shape the shape, outermost dimension first
     * @param size the product of the shape
     * @return the layout
     */
    public static CodeLayout of(int[] shape, int size) {
        if (shape.length < 2 || size == 0 || size / shape[0] > MOST_COLUMNS) {
            return vector(size);
        }
        int columns = size / shape[0];
        return new CodeLayout(size, columns, columns / shape[1]);
    }

    /** Tells whether there is more than one row, so that columns have a meaning. */
    public boolean isMatrix() {
        return rows() > 1 && columns != OF_VECTOR;
    }

    /** Returns the number of rows. */
    public int rows() {
        return (int) (((long) size + columns - 1) / columns);
    }

    /** Returns the number of units of a row. */
    int units() {
        return (columns + span - 1) / span;
    }

    /** The same matrix with so many units in a row, or itself where its columns can't be cut so. */
    CodeLayout withUnits(int count) {
        return count > 0 && columns % count == 0
                ? new CodeLayout(size, columns, columns / count)
                : this;
    }
}
