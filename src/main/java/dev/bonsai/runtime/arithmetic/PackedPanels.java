package dev.bonsai.runtime.arithmetic;

/**
 * A matrix in panels of a few columns, which are multiplied at once.
 *
 * @param values the array that it lies in; the last panel is filled up to its width
 * @param offset where the first panel starts
 * @param panelStep the distance between the starts of two panels
 * @param rowStep the distance between the starts of two rows of a panel
 * @param width the columns of a panel
 * @param rows the number of rows
 * @param columns the number of columns
 */
record PackedPanels(
        float[] values, int offset, int panelStep, int rowStep, int width, int rows, int columns)
        implements PackedMatrix {

    /** Copies a matrix: panel by panel, row by row. */
    static PackedPanels of(Matrix matrix, int width) {
        int rows = matrix.rows();
        PackedPanels panels = zeros(rows, matrix.columns(), width);
        for (int column = 0; column < matrix.columns(); column += width) {
            int length = Math.min(width, matrix.columns() - column);
            int to = column * rows;
            for (int row = 0; row < rows; row++) {
                int from = matrix.start(row) + column;
                for (int i = 0; i < length; i++) {
                    panels.values[to + i] = matrix.values()[from + i];
                }
                to += width;
            }
        }
        return panels;
    }

    /** Copies the transpose of a matrix. */
    static PackedPanels ofTransposed(Matrix matrix, int width) {
        int rows = matrix.columns();
        PackedPanels panels = zeros(rows, matrix.rows(), width);
        for (int column = 0; column < matrix.rows(); column++) {
            int from = matrix.start(column);
            int to = column / width * width * rows + column % width;
            for (int row = 0; row < rows; row++) {
                panels.values[to + row * width] = matrix.values()[from + row];
            }
        }
        return panels;
    }

    /** Returns the whole panels of a matrix, as a view of it. */
    static PackedPanels view(Matrix matrix, int width) {
        int columns = matrix.columns() / width * width;
        return new PackedPanels(
                matrix.values(),
                matrix.offset(),
                width,
                matrix.stride(),
                width,
                matrix.rows(),
                columns);
    }

    private static PackedPanels zeros(int rows, int columns, int width) {
        int size = Math.toIntExact(((long) columns + width - 1) / width * width * rows);
        return new PackedPanels(new float[size], 0, rows * width, width, width, rows, columns);
    }

    /** Returns where the panel with a column starts. */
    int start(int column) {
        return offset + column / width * panelStep;
    }
}
