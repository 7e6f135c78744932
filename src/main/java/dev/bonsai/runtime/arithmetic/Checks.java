package dev.bonsai.runtime.arithmetic;

/** The checks of operands. */
final class Checks {

    private Checks() {}

    /** Checks the sizes of a product. */
    static void product(Matrix a, PackedMatrix b, Matrix c) {
        product(a, b.rows(), b.columns(), c);
    }

    /** Checks the sizes of a product. */
    static void product(Matrix a, int rows, int columns, Matrix c) {
        if (a.columns() != rows || c.rows() != a.rows() || c.columns() != columns) {
            throw new IllegalArgumentException(
                    "A matrix of "
                            + a.size()
                            + " times one of "
                            + rows
                            + " x "
                            + columns
                            + " does not give one of "
                            + c.size()
                            + ": expected m x k, k x n and m x n.");
        }
    }

    /** Checks that two matrices have one size. */
    static void sameSize(Matrix x, Matrix y) {
        if (x.rows() != y.rows() || x.columns() != y.columns()) {
            throw new IllegalArgumentException(
                    "The result of a matrix of "
                            + x.size()
                            + " is one of "
                            + y.size()
                            + ": expected one size.");
        }
    }

    /** Checks that there is a value per column. */
    static void perColumn(Matrix x, float[] values, String name) {
        if (values.length != x.columns()) {
            throw new IllegalArgumentException(
                    name
                            + " has "
                            + values.length
                            + " values for a matrix of "
                            + x.size()
                            + ": expected one per column.");
        }
    }

    /** Returns the error of an operand that another arithmetic packed. */
    static IllegalArgumentException packedByAnother(Arithmetic arithmetic) {
        return new IllegalArgumentException(
                "The right operand was packed by another arithmetic than "
                        + arithmetic
                        + ": pack it with the one that multiplies.");
    }
}
