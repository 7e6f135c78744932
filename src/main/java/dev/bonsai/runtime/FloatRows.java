package dev.bonsai.runtime;

/**
 * Arithmetic on rows of floats, in loops that the JIT compiler vectorises: those in which all
 * arrays have one index.
 */
final class FloatRows {

    /** Arithmetic on a row of the left operand and one of the right. */
    @FunctionalInterface
    interface Row {

        /**
         * Computes a row.
         *
         * @param a the left operand
         * @param i where its row begins
         * @param stepA 1, or 0 if one element stands for all
         * @param b the right operand
         * @param j where its row begins
         * @param stepB 1, or 0 if one element stands for all
         * @param out the result
         * @param o where its row begins
         * @param n the elements of the row
         */
        void apply(
                float[] a,
                int i,
                int stepA,
                float[] b,
                int j,
                int stepB,
                float[] out,
                int o,
                int n);
    }

    /** A function of two floats. */
    @FunctionalInterface
    interface Function {
        float apply(float a, float b);
    }

    private FloatRows() {}

    /** The row of a function that is not vectorised. */
    static Row of(Function function) {
        return (a, i, stepA, b, j, stepB, out, o, n) -> {
            for (int k = 0; k < n; ++k) {
                out[o + k] = function.apply(a[i + k * stepA], b[j + k * stepB]);
            }
        };
    }

    /** Adds a row and a number, or two numbers. */
    static void add(
            float[] a, int i, int stepA, float[] b, int j, int stepB, float[] out, int o, int n) {
        if (stepA == 0) {
            addNumber(b, j, a[i], out, o, n);
        } else {
            addNumber(a, i, b[j], out, o, n);
        }
    }

    private static void addNumber(float[] a, int i, float number, float[] out, int o, int n) {
        for (int k = 0; k < n; ++k) {
            out[o + k] = a[i + k] + number;
        }
    }

    static void subtract(
            float[] a, int i, int stepA, float[] b, int j, int stepB, float[] out, int o, int n) {
        if (stepA == 0) {
            float number = a[i];
            for (int k = 0; k < n; ++k) {
                out[o + k] = number - b[j + k * stepB];
            }
        } else if (stepB == 0) {
            addNumber(a, i, -b[j], out, o, n);
        } else {
            for (int k = 0; k < n; ++k) {
                out[o + k] = a[i + k] - b[j + k];
            }
        }
    }

    static void multiply(
            float[] a, int i, int stepA, float[] b, int j, int stepB, float[] out, int o, int n) {
        if (stepA == 0) {
            multiplyNumber(b, j, a[i], out, o, n);
        } else if (stepB == 0) {
            multiplyNumber(a, i, b[j], out, o, n);
        } else {
            for (int k = 0; k < n; ++k) {
                out[o + k] = a[i + k] * b[j + k];
            }
        }
    }

    private static void multiplyNumber(float[] a, int i, float number, float[] out, int o, int n) {
        if (i == 0 && o == 0) {
            for (int k = 0; k < n; ++k) {
                out[k] = a[k] * number;
            }
            return;
        }
        for (int k = 0; k < n; ++k) {
            out[o + k] = a[i + k] * number;
        }
    }

    static void divide(
            float[] a, int i, int stepA, float[] b, int j, int stepB, float[] out, int o, int n) {
        if (stepA == 0) {
            float number = a[i];
            for (int k = 0; k < n; ++k) {
                out[o + k] = number / b[j + k * stepB];
            }
        } else if (stepB == 0) {
            divideByNumber(a, i, b[j], out, o, n);
        } else {
            for (int k = 0; k < n; ++k) {
                out[o + k] = a[i + k] / b[j + k];
            }
        }
    }

    private static void divideByNumber(float[] a, int i, float number, float[] out, int o, int n) {
        if (i == 0 && o == 0) {
            for (int k = 0; k < n; ++k) {
                out[k] = a[k] / number;
            }
            return;
        }
        for (int k = 0; k < n; ++k) {
            out[o + k] = a[i + k] / number;
        }
    }

    /** a to the power of b: squares, which normalisations have, are not sent through logarithms. */
    static void power(
            float[] a, int i, int stepA, float[] b, int j, int stepB, float[] out, int o, int n) {
        if (stepB == 0 && b[j] == 2f) {
            for (int k = 0; k < n; ++k) {
                out[o + k] = a[i + k * stepA] * a[i + k * stepA];
            }
            return;
        }
        for (int k = 0; k < n; ++k) {
            out[o + k] = (float) Math.pow(a[i + k * stepA], b[j + k * stepB]);
        }
    }
}
