package dev.bonsai.runtime.arithmetic;

/**
 * The functions for one number, without branches that depend on it where possible. The polynomials
 * are least-maximum fits of the relative error over the ranges that are named.
 */
final class Scalar {

    /** Adding it rounds to an integer, which then lies in the lowest bits. */
    static final float ROUND = 0x1.8p23f;

    static final int ROUND_BITS = 0x4B400000;

    static final float LOG2_E = 1.442695f;
    static final float LN2_HIGH = 0.6933594f;
    static final float LN2_LOW = -2.12194440e-4f;

    /** From where on the exponential function is infinite; below {@link #EXP_MIN} it is 0. */
    static final float EXP_MAX = 89;

    static final float EXP_MIN = -104.5f;

    /** (exp(r) - 1 - r) / r² for |r| up to ln(2) / 2. */
    static final float E2 = 0.5f;

    static final float E3 = 0.16666576f;
    static final float E4 = 0.041666854f;
    static final float E5 = 0.0083632f;
    static final float E6 = 0.0013901306f;

    /** tanh(x) / x as a polynomial in x² for |x| up to 0.625. */
    static final float T1 = -0.3333326f;

    static final float T2 = 0.13331127f;
    static final float T3 = -0.053721067f;
    static final float T4 = 0.020590983f;
    static final float T5 = -0.00565998f;
    static final float TANH_SMALL = 0.625f;

    /** erf(x) / x as a polynomial in x² for |x| up to 1. */
    static final float F0 = 1.1283791f;

    static final float F1 = -0.37612325f;
    static final float F2 = 0.1128018f;
    static final float F3 = -0.026711311f;
    static final float F4 = 0.00491755f;
    static final float F5 = -0.0005631419f;

    /** erfc(x) exp(x²) / t as a polynomial in t = 1 / (1 + 0.4 x), for x up to 10.5. */
    static final float C_SLOPE = 0.4f;

    static final float C0 = 0.22564064f;
    static final float C1 = 0.22633429f;
    static final float C2 = 0.20266125f;
    static final float C3 = 0.19038273f;
    static final float C4 = 0.08678769f;
    static final float C5 = 0.077841766f;
    static final float C6 = 0.09278575f;
    static final float C7 = -0.14455286f;
    static final float C8 = 0.04211882f;
    static final float HALF_ROOT = 0.70710677f;

    /** Beyond them, the functions no longer change as floats; the bounds keep squares finite. */
    static final float ERF_MAX = 10;

    static final float GELU_MAX = 14.5f;

    private Scalar() {}

    static float apply(Function function, float x) {
        return switch (function) {
            case EXP -> exp(x);
            case TANH -> tanh(x);
            case SIGMOID -> sigmoid(x);
            case ERF -> erf(x);
            case GELU -> gelu(x);
        };
    }

    static float exp(float x) {
        float bounded = Math.max(Math.min(x, EXP_MAX), EXP_MIN);
        float rounded = bounded * LOG2_E + ROUND;
        int exponent = Float.floatToRawIntBits(rounded) - ROUND_BITS;
        float n = rounded - ROUND;
        float r = bounded - n * LN2_HIGH - n * LN2_LOW;
        float q = (((E6 * r + E5) * r + E4) * r + E3) * r + E2;
        float p = 1 + (r + r * r * q);
        int half = exponent >> 1;
        return p * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + 127) << 23);
    }

    static float sigmoid(float x) {
        return 1 / (1 + exp(-x));
    }

    static float tanh(float x) {
        float size = Math.abs(x);
        if (size < TANH_SMALL) {
            float z = x * x;
            return x * (1 + z * (T1 + z * (T2 + z * (T3 + z * (T4 + z * T5)))));
        }
        return Math.copySign(1 - 2 / (exp(2 * size) + 1), x);
    }

    static float erf(float x) {
        float size = Math.abs(x);
        if (size < 1) {
            float z = x * x;
            return x * (F0 + z * (F1 + z * (F2 + z * (F3 + z * (F4 + z * F5)))));
        }
        float bounded = Math.min(size, ERF_MAX);
        return Math.copySign(1 - erfc(bounded, bounded * bounded), x);
    }

    static float gelu(float x) {
        float size = Math.min(Math.abs(x), GELU_MAX);
        float tail = 0.5f * size * erfc(size * HALF_ROOT, 0.5f * size * size);
        return x < 0 ? -tail : x - tail;
    }

    /** Returns 1 - erf(x) of a number from 0 to 10.5, and its square. */
    private static float erfc(float x, float square) {
        float t = 1 / (1 + C_SLOPE * x);
        float p = C8 * t + C7;
        p = p * t + C6;
        p = p * t + C5;
        p = p * t + C4;
        p = p * t + C3;
        p = p * t + C2;
        p = p * t + C1;
        p = p * t + C0;
        return exp(-square) * t * p;
    }
}
