package dev.bonsai.runtime.arithmetic;

/**
 * A matrix in panels of a few columns, which are multiplied at once: one behind the other, each row
 * by row.
 *
 * @param values the panels; the last is filled up to its width
 * @param rows the number of rows
 * @param columns the number of columns
 */
record PackedPanels(float[] values, int rows, int columns) implements PackedMatrix {

    /** Copies a matrix. */
    static PackedPanels of(Matrix matrix) {
        PackedPanels panels = zeros(matrix.rows(), matrix.columns());
        for (int column = 0; column < panels.columns; column += panels.width(column)) {
            int to = panels.start(column);
            copy(matrix, 0, panels.rows, column, panels.width(column), panels.values, to);
        }
        return panels;
    }

    /** Copies the transpose of a matrix. */
    static PackedPanels ofTransposed(Matrix matrix) {
        PackedPanels panels = zeros(matrix.columns(), matrix.rows());
        for (int first = 0; first < panels.columns; first += panels.width(first)) {
            int width = panels.width(first);
            int end = Math.min(first + width, panels.columns);
            for (int column = first; column < end; column++) {
                int from = matrix.start(column);
                int to = panels.start(first) + column - first;
                for (int row = 0; row < panels.rows; row++) {
                    panels.values[to + row * width] = matrix.values()[from + row];
                }
            }
        }
        return panels;
    }

    private static PackedPanels zeros(int rows, int columns) {
        int end = 0;
        while (end < columns) {
            end = Math.addExact(end, VectorProduct.width(columns - end));
        }
        return new PackedPanels(new float[Math.multiplyExact(end, rows)], rows, columns);
    }

    /**
     * Copies a part of a panel.
     *
     * @param matrix where it comes from
     * @param row its first row there
     * @param rows the number of its rows
     * @param column its first column there
     * @param width the width of the panel, which may reach beyond the last column
     * @param to where it goes, row behind row
     * @param at where that starts
     */
    static void copy(Matrix matrix, int row, int rows, int column, int width, float[] to, int at) {
        int length = Math.min(width, matrix.columns() - column);
        for (int i = 0; i < rows; i++) {
            int from = matrix.start(row + i) + column;
            System.arraycopy(matrix.values(), from, to, at + i * width, length);
        }
    }

    /** Returns the width of the panel that starts with a column. */
    int width(int column) {
        return VectorProduct.width(columns - column);
    }

    /** Returns where the panel that starts with a column lies. */
    int start(int column) {
        return column * rows;
    }
}
