package dev.bonsai.runtime.arithmetic;

import jdk.incubator.vector.FloatVector;

/** Products with a sparse matrix: of two vectors of rows at once, which are laid side by side. */
final class VectorSparse {

    private static final int LENGTH = VectorProduct.LENGTH;
    private static final int WIDTH = VectorProduct.NARROW;

    private VectorSparse() {}

    /** Adds a product to c. */
    static void multiply(Matrix a, SparseRows b, Matrix c) {
        int row = 0;
        float[] rows = new float[a.rows() < 2 ? 0 : a.columns() * WIDTH];
        float[] sums = new float[WIDTH];
        while (row < a.rows()) {
            int count = Math.min(WIDTH, a.rows() - row);
            if (count == 1) {
                b.multiplyRow(a.values(), a.start(row), c.values(), c.start(row));
            } else {
                SparseRows.interleave(a, row, count, WIDTH, rows);
                for (int column = 0; column < b.columns(); column++) {
                    multiplyColumn(
                            rows,
                            b.values(),
                            b.indices(),
                            b.starts()[column],
                            b.starts()[column + 1],
                            sums);
                    for (int i = 0; i < count; i++) {
                        c.values()[c.start(row + i) + column] += sums[i];
                    }
                }
            }
            row += count;
        }
    }

    /** Multiplies the rows with what is not zero of one column. */
    private static void multiplyColumn(
            float[] rows, float[] values, int[] indices, int start, int end, float[] sums) {
        FloatVector s00 = FloatVector.zero(VectorProduct.SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        int i = start;
        for (; i + 1 < end; i += 2) {
            FloatVector x = FloatVector.broadcast(VectorProduct.SPECIES, values[i]);
            int at = indices[i] * WIDTH;
            s00 = x.fma(FloatVector.fromArray(VectorProduct.SPECIES, rows, at), s00);
            s01 = x.fma(FloatVector.fromArray(VectorProduct.SPECIES, rows, at + LENGTH), s01);
            x = FloatVector.broadcast(VectorProduct.SPECIES, values[i + 1]);
            at = indices[i + 1] * WIDTH;
            s10 = x.fma(FloatVector.fromArray(VectorProduct.SPECIES, rows, at), s10);
            s11 = x.fma(FloatVector.fromArray(VectorProduct.SPECIES, rows, at + LENGTH), s11);
        }
        if (i < end) {
            FloatVector x = FloatVector.broadcast(VectorProduct.SPECIES, values[i]);
            int at = indices[i] * WIDTH;
            s00 = x.fma(FloatVector.fromArray(VectorProduct.SPECIES, rows, at), s00);
            s01 = x.fma(FloatVector.fromArray(VectorProduct.SPECIES, rows, at + LENGTH), s01);
        }
        s00.add(s10).intoArray(sums, 0);
        s01.add(s11).intoArray(sums, LENGTH);
    }
}
