package dev.bonsai.runtime.arithmetic;

import java.util.Arrays;

/**
 * Arithmetic in plain Java, in loops that the JIT compiler turns into vector instructions: y[j] +=
 * a b[j] over arrays that are all read from index 0. A sum of floats within one number is not such
 * a loop.
 */
final class PlainArithmetic implements Arithmetic {

    private static final int STEP = 4;

    /** So many rows are multiplied with four rows of b before the next four, which stay cached. */
    private static final int BLOCK = 16;

    /** The rows that a sparse matrix is multiplied with at once. */
    private static final int SPARSE_ROWS = 4;

    /** From so many zeros on, sparse products are the faster ones, measured with 1 and 16 rows. */
    private static final double SPARSE = 0.9;

    @Override
    public PackedMatrix pack(Matrix b) {
        return isSparse(b, SPARSE) ? SparseRows.of(b) : PackedRows.of(b);
    }

    @Override
    public PackedMatrix packTransposed(Matrix b) {
        return isSparse(b, SPARSE) ? SparseRows.ofTransposed(b) : PackedRows.ofTransposed(b);
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix c, Write write) {
        multiply(a, PackedRows.of(b), c, write);
    }

    @Override
    public void multiplyTransposed(Matrix a, Matrix b, Matrix c, Write write) {
        multiply(a, PackedRows.ofTransposed(b), c, write);
    }

    /** Returns whether a share of the elements is zero. */
    static boolean isSparse(Matrix matrix, double share) {
        double size = (double) matrix.rows() * matrix.columns();
        return size > 0 && SparseRows.count(matrix) <= size * (1 - share);
    }

    @Override
    public void multiply(Matrix a, PackedMatrix b, Matrix c, Write write) {
        Checks.product(a, b, c);
        if (b instanceof PackedRows packed) {
            multiplyRows(a, packed, c, write);
        } else if (b instanceof SparseRows sparse) {
            multiplySparse(a, sparse, c, write);
        } else {
            throw Checks.packedByAnother(this);
        }
    }

    private static void multiplyRows(Matrix a, PackedRows b, Matrix c, Write write) {
        int width = PackedRows.width(c.columns());
        for (int row = 0; row < c.rows(); row += BLOCK) {
            int count = Math.min(BLOCK, c.rows() - row);
            float[][] sums = new float[count][];
            for (int block = 0; block < b.values().length; block++) {
                int at = block * width;
                int length = Math.min(width, c.columns() - at);
                for (int i = 0; i < count; i++) {
                    if (block == 0 || sums[i].length != length) {
                        sums[i] = new float[length];
                    }
                    if (write == Write.ADD) {
                        System.arraycopy(c.values(), c.start(row + i) + at, sums[i], 0, length);
                    } else {
                        Arrays.fill(sums[i], 0);
                    }
                }
                multiplyBlock(a, row, b.values()[block], sums, length);
                for (int i = 0; i < count; i++) {
                    System.arraycopy(sums[i], 0, c.values(), c.start(row + i) + at, length);
                }
            }
        }
    }

    private static void multiplyBlock(Matrix a, int row, float[][] b, float[][] sums, int n) {
        float[] x = a.values();
        int k = 0;
        for (; k + STEP <= b.length; k += STEP) {
            for (int i = 0; i < sums.length; i++) {
                int at = a.start(row + i) + k;
                addFour(
                        x[at], x[at + 1], x[at + 2], x[at + 3], b[k], b[k + 1], b[k + 2], b[k + 3],
                        sums[i], n);
            }
        }
        for (; k < b.length; k++) {
            for (int i = 0; i < sums.length; i++) {
                addOne(x[a.start(row + i) + k], b[k], sums[i], n);
            }
        }
    }

    private static void multiplySparse(Matrix a, SparseRows b, Matrix c, Write write) {
        Rows.prepare(c, write);
        int row = 0;
        float[] rows = new float[a.rows() < SPARSE_ROWS ? 0 : a.columns() * SPARSE_ROWS];
        for (; row + SPARSE_ROWS <= a.rows(); row += SPARSE_ROWS) {
            SparseRows.interleave(a, row, SPARSE_ROWS, SPARSE_ROWS, rows);
            multiplySparse(rows, b, c.values(), c.start(row), c.stride());
        }
        for (; row < a.rows(); row++) {
            b.multiplyRow(a.values(), a.start(row), c.values(), c.start(row));
        }
    }

    private static void multiplySparse(
            float[] rows, SparseRows b, float[] sums, int start, int step) {
        float[] values = b.values();
        int[] indices = b.indices();
        for (int column = 0; column < b.columns(); column++) {
            float s0 = 0;
            float s1 = 0;
            float s2 = 0;
            float s3 = 0;
            for (int i = b.starts()[column]; i < b.starts()[column + 1]; i++) {
                float value = values[i];
                int at = indices[i] * SPARSE_ROWS;
                s0 += value * rows[at];
                s1 += value * rows[at + 1];
                s2 += value * rows[at + 2];
                s3 += value * rows[at + 3];
            }
            int at = start + column;
            sums[at] += s0;
            sums[at + step] += s1;
            sums[at + 2 * step] += s2;
            sums[at + 3 * step] += s3;
        }
    }

    private static void addFour(
            float a0,
            float a1,
            float a2,
            float a3,
            float[] b0,
            float[] b1,
            float[] b2,
            float[] b3,
            float[] sums,
            int n) {
        for (int j = 0; j < n; j++) {
            sums[j] += a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
        }
    }

    private static void addOne(float a0, float[] b0, float[] sums, int n) {
        for (int j = 0; j < n; j++) {
            sums[j] += a0 * b0[j];
        }
    }

    @Override
    public void apply(
            Function function, float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] = Scalar.apply(function, x[xOffset + i]);
        }
    }

    @Override
    public void addScaled(
            float factor, float[] x, int xOffset, float[] y, int yOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] += factor * x[xOffset + i];
        }
    }

    @Override
    public float sum(float[] x, int offset, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int end = offset + length;
        int i = offset;
        for (; i + STEP <= end; i += STEP) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
        }
        for (; i < end; i++) {
            s0 += x[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    @Override
    public float max(float[] x, int offset, int length) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + length; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }

    @Override
    public void softmax(Matrix x, Matrix y) {
        Checks.sameSize(x, y);
        int n = x.columns();
        float[] out = y.values();
        for (int row = 0; row < x.rows(); row++) {
            int from = x.start(row);
            int to = y.start(row);
            float max = max(x.values(), from, n);
            for (int i = 0; i < n; i++) {
                out[to + i] = Scalar.exp(x.values()[from + i] - max);
            }
            float factor = 1 / sum(out, to, n);
            for (int i = 0; i < n; i++) {
                out[to + i] *= factor;
            }
        }
    }

    @Override
    public void normalize(Matrix x, float epsilon, float[] scale, float[] bias, Matrix y) {
        Checks.sameSize(x, y);
        Checks.perColumn(x, scale, "scale");
        Checks.perColumn(x, bias, "bias");
        int n = x.columns();
        for (int row = 0; row < x.rows(); row++) {
            int from = x.start(row);
            float mean = sum(x.values(), from, n) / n;
            float variance = squares(x.values(), from, n, mean) / n;
            float factor = (float) (1 / Math.sqrt(variance + epsilon));
            int to = y.start(row);
            for (int i = 0; i < n; i++) {
                y.values()[to + i] = (x.values()[from + i] - mean) * factor * scale[i] + bias[i];
            }
        }
    }

    /** Returns the sum of the squared distances from the mean. */
    private static float squares(float[] x, int offset, int length, float mean) {
        float s0 = 0;
        float s1 = 0;
        int end = offset + length;
        int i = offset;
        for (; i + 2 <= end; i += 2) {
            float d0 = x[i] - mean;
            float d1 = x[i + 1] - mean;
            s0 += d0 * d0;
            s1 += d1 * d1;
        }
        if (i < end) {
            s0 += (x[i] - mean) * (x[i] - mean);
        }
        return s0 + s1;
    }

    @Override
    public String toString() {
        return "plain Java";
    }
}
