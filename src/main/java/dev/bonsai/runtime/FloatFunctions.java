package dev.bonsai.runtime;

import dev.bonsai.runtime.arithmetic.Arithmetic;
import dev.bonsai.runtime.arithmetic.Function;

/** Functions of each element of an array of floats, in loops that the JIT compiler vectorises. */
final class FloatFunctions {

    private static final float SIXTH = 1f / 6;
    private static final float HALF = 0.5f;
    private static final float ROOT_TWO_OVER_PI = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBIC = 0.044715f;

    private FloatFunctions() {}

    static void relu(float[] x, float[] y) {
        for (int i = 0; i < y.length; ++i) {
            y[i] = Math.max(0f, x[i]);
        }
    }

    static void clip(float[] x, float low, float high, float[] y) {
        for (int i = 0; i < y.length; ++i) {
            y[i] = Math.min(high, Math.max(low, x[i]));
        }
    }

    static void negative(float[] x, float[] y) {
        for (int i = 0; i < y.length; ++i) {
            y[i] = -x[i];
        }
    }

    static void sqrt(float[] x, float[] y) {
        for (int i = 0; i < y.length; ++i) {
            y[i] = (float) Math.sqrt(x[i]);
        }
    }

    static void hardSwish(float[] x, float[] y) {
        for (int i = 0; i < y.length; ++i) {
            y[i] = x[i] * Math.max(0f, Math.min(1f, x[i] * SIXTH + HALF));
        }
    }

    /** x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2. */
    static void geluTanh(Arithmetic arithmetic, float[] x, float[] y) {
        for (int i = 0; i < y.length; ++i) {
            y[i] = ROOT_TWO_OVER_PI * (x[i] + CUBIC * x[i] * x[i] * x[i]);
        }
        arithmetic.apply(Function.TANH, y, 0, y, 0, y.length);
        for (int i = 0; i < y.length; ++i) {
            y[i] = x[i] * (1 + y[i]) * HALF;
        }
    }

    static void leakyRelu(float[] x, float alpha, float[] y) {
        for (int i = 0; i < y.length; ++i) {
            y[i] = Math.max(0f, x[i]) + alpha * Math.min(0f, x[i]);
        }
    }

    static void hardSigmoid(float[] x, float alpha, float beta, float[] y) {
        for (int i = 0; i < y.length; ++i) {
            y[i] = Math.max(0f, Math.min(1f, alpha * x[i] + beta));
        }
    }
}
