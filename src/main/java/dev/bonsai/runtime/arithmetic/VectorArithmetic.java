package dev.bonsai.runtime.arithmetic;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Arithmetic with the JDK's Vector API. Nothing may touch this class in a JVM without the module
 * {@code jdk.incubator.vector}.
 */
final class VectorArithmetic implements Arithmetic {

    private static final int LENGTH = VectorProduct.LENGTH;

    /**
     * From so many zeros on, sparse products are the faster ones: measured, 0.75 with 16 rows and
     * 0.9 with one.
     */
    private static final double SPARSE = 0.85;

    @Override
    public PackedMatrix pack(Matrix b) {
        return PlainArithmetic.isSparse(b, SPARSE) ? SparseRows.of(b) : PackedPanels.of(b);
    }

    @Override
    public PackedMatrix packTransposed(Matrix b) {
        return PlainArithmetic.isSparse(b, SPARSE)
                ? SparseRows.ofTransposed(b)
                : PackedPanels.ofTransposed(b);
    }

    @Override
    public void multiply(Matrix a, PackedMatrix b, Matrix c, Write write) {
        Checks.product(a, b, c);
        Rows.prepare(c, write);
        if (b instanceof PackedPanels panels) {
            VectorPanels.multiply(a, panels, c);
        } else if (b instanceof SparseRows sparse) {
            VectorSparse.multiply(a, sparse, c);
        } else {
            throw Checks.packedByAnother(this);
        }
    }

    @Override
    public void multiply(Matrix a, Matrix b, Matrix c, Write write) {
        Checks.product(a, b.rows(), b.columns(), c);
        Rows.prepare(c, write);
        VectorPanels.multiply(a, b, c);
    }

    @Override
    public void multiplyTransposed(Matrix a, Matrix b, Matrix c, Write write) {
        multiply(a, PackedPanels.ofTransposed(b), c, write);
    }

    @Override
    public void apply(
            Function function, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int whole = length - length % LENGTH;
        VectorFunctions.apply(function, x, xOffset, y, yOffset, whole);
        if (whole < length) {
            // the rest goes the same way, so that a result does not depend on its place
            float[] rest = new float[LENGTH];
            System.arraycopy(x, xOffset + whole, rest, 0, length - whole);
            VectorFunctions.apply(function, rest, 0, rest, 0, LENGTH);
            System.arraycopy(rest, 0, y, yOffset + whole, length - whole);
        }
    }

    @Override
    public void addScaled(
            float factor, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        FloatVector f = FloatVector.broadcast(VectorProduct.SPECIES, factor);
        for (; i + LENGTH <= length; i += LENGTH) {
            FloatVector.fromArray(VectorProduct.SPECIES, x, xOffset + i)
                    .fma(f, FloatVector.fromArray(VectorProduct.SPECIES, y, yOffset + i))
                    .intoArray(y, yOffset + i);
        }
        for (; i < length; i++) {
            y[yOffset + i] = Math.fma(factor, x[xOffset + i], y[yOffset + i]);
        }
    }

    @Override
    public float sum(float[] x, int offset, int length) {
        return VectorRows.sum(x, offset, length);
    }

    @Override
    public float max(float[] x, int offset, int length) {
        return VectorRows.max(x, offset, length);
    }

    @Override
    public void softmax(Matrix x, Matrix y) {
        Checks.sameSize(x, y);
        int n = x.columns();
        for (int row = 0; row < x.rows(); row++) {
            int to = y.start(row);
            float max = max(x.values(), x.start(row), n);
            float sum = exp(x.values(), x.start(row), max, y.values(), to, n);
            VectorRows.scale(y.values(), to, 1 / sum, n);
        }
    }

    /** Computes y = exp(x - max) and returns the sum. */
    private static float exp(float[] x, int from, float max, float[] y, int to, int length) {
        int whole = length - length % LENGTH;
        float sum = VectorFunctions.exp(x, from, max, y, to, whole);
        if (whole < length) {
            float[] rest = new float[LENGTH];
            Arrays.fill(rest, Float.NEGATIVE_INFINITY);
            System.arraycopy(x, from + whole, rest, 0, length - whole);
            sum += VectorFunctions.exp(rest, 0, max, rest, 0, LENGTH);
            System.arraycopy(rest, 0, y, to + whole, length - whole);
        }
        return sum;
    }

    @Override
    public void normalize(Matrix x, float epsilon, float[] scale, float[] bias, Matrix y) {
        Checks.sameSize(x, y);
        Checks.perColumn(x, scale, "scale");
        Checks.perColumn(x, bias, "bias");
        for (int row = 0; row < x.rows(); row++) {
            int n = x.columns();
            float mean = sum(x.values(), x.start(row), n) / n;
            float variance = VectorRows.squares(x.values(), x.start(row), n, mean) / n;
            float factor = (float) (1 / Math.sqrt(variance + epsilon));
            VectorRows.normalize(
                    x.values(), x.start(row), mean, factor, scale, bias, y.values(), y.start(row));
        }
    }

    @Override
    public String toString() {
        return "Vector API, " + VectorProduct.SPECIES.vectorBitSize() + " bits";
    }
}
