package dev.bonsai.runtime;

/** Rows of elements as doubles. */
final class Rows {

    private Rows() {}

    /** Loads floats or doubles that lie at a step from one another. */
    static void load(Object data, int at, int step, double[] row) {
        if (data instanceof float[] floats) {
            for (int k = 0; k < row.length; ++k) {
                row[k] = floats[at + k * step];
            }
        } else {
            double[] doubles = (double[]) data;
            for (int k = 0; k < row.length; ++k) {
                row[k] = doubles[at + k * step];
            }
        }
    }

    /** Stores floats or doubles at a step from one another. */
    static void store(double[] row, Object data, int at, int step) {
        if (data instanceof float[] floats) {
            for (int k = 0; k < row.length; ++k) {
                floats[at + k * step] = (float) row[k];
            }
        } else {
            double[] doubles = (double[]) data;
            for (int k = 0; k < row.length; ++k) {
                doubles[at + k * step] = row[k];
            }
        }
    }

    static double sum(double[] row) {
        double sum = 0;
        for (double value : row) {
            sum += value;
        }
        return sum;
    }

    /** The sum of the squared distances from a number. */
    static double sumOfSquares(double[] row, double from) {
        double sum = 0;
        for (double value : row) {
            sum += (value - from) * (value - from);
        }
        return sum;
    }

    static double largest(double[] row) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : row) {
            largest = Math.max(largest, value);
        }
        return largest;
    }
}
