package dev.bonsai.runtime.arithmetic;

/**
 * The right operand of products, laid out for the arithmetic that made it. It is a copy, never
 * changes and may be used by several threads.
 */
public sealed interface PackedMatrix permits PackedRows, PackedPanels, SparseRows {

    /**
     * Returns the number of rows: the columns of the left operand.
     *
     * @return the number of rows
     */
    int rows();

    /**
     * Returns the number of columns: those of the product.
     *
     * @return the number of columns
     */
    int columns();
}
