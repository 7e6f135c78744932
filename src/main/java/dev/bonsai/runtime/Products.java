package dev.bonsai.runtime;

/** Products of matrices that are not of 32-bit floats, and lie in arrays row by row. */
final class Products {

    private Products() {}

    /**
     * Adds a product to a matrix: c += a b.
     *
     * @param a the left matrix, of m rows and k columns
     * @param i where it begins
     * @param b the right matrix, of k rows and n columns
     * @param j where it begins
     * @param c the matrix that is added to, of m rows and n columns
     * @param o where it begins
     */
    private static void add(
            double[] a, int i, double[] b, int j, double[] c, int o, int m, int k, int n) {
        for (int row = 0; row < m; ++row) {
            for (int inner = 0; inner < k; ++inner) {
                for (int column = 0; column < n; ++column) {
                    c[o + row * n + column] += a[i + row * k + inner] * b[j + inner * n + column];
                }
            }
        }
    }

    private static void add(
            long[] a, int i, long[] b, int j, long[] c, int o, int m, int k, int n) {
        for (int row = 0; row < m; ++row) {
            for (int inner = 0; inner < k; ++inner) {
                for (int column = 0; column < n; ++column) {
                    c[o + row * n + column] += a[i + row * k + inner] * b[j + inner * n + column];
                }
            }
        }
    }

    /** Adds a product to a matrix, of elements of any type but floats of 32 bits. */
    static void add(Object a, int i, Object b, int j, Object c, int o, int m, int k, int n) {
        if (c instanceof double[] doubles) {
            add((double[]) a, i, (double[]) b, j, doubles, o, m, k, n);
        } else {
            add((long[]) a, i, (long[]) b, j, (long[]) c, o, m, k, n);
        }
    }

    /** Returns a matrix with rows and columns exchanged. */
    static Object transposed(Object matrix, int rows, int columns) {
        Object result = Types.zerosLike(matrix, rows * columns);
        Strided.copy(matrix, new int[] {1, columns}, new int[] {columns, rows}, result);
        return result;
    }
}
