package dev.bonsai.runtime;

/** Functions of doubles that the JDK lacks. */
final class RealFunctions {

    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
    private static final double SERIES_UP_TO = 2.5;
    private static final double ONE_FROM = 6;
    private static final int FRACTIONS = 60;
    private static final double ROOT_HALF = Math.sqrt(0.5);
    private static final double ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    private RealFunctions() {}

    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /**
     * The error function: near 0 by exp(-x^2) times a series of positive terms, and beyond by the
     * continued fraction of its complement (Abramowitz and Stegun, 1964, 7.1.6 and 7.1.14).
     */
    static double erf(double x) {
        double size = Math.abs(x);
        if (Double.isNaN(x) || size >= ONE_FROM) {
            return Double.isNaN(x) ? x : Math.signum(x);
        }
        double square = x * x;
        if (size < SERIES_UP_TO) {
            double term = x;
            double sum = x;
            for (int n = 1; Math.abs(term) > Math.ulp(sum) / 2; ++n) {
                term *= 2 * square / (2 * n + 1);
                sum += term;
            }
            return TWO_OVER_ROOT_PI * Math.exp(-square) * sum;
        }
        double fraction = size;
        for (int n = FRACTIONS; n > 0; --n) {
            fraction = size + n / 2d / fraction;
        }
        double complement = Math.exp(-square) / (fraction * Math.sqrt(Math.PI));
        return Math.copySign(1 - complement, x);
    }

    static double gelu(double x) {
        return x * (1 + erf(x * ROOT_HALF)) / 2;
    }

    static double geluTanh(double x) {
        return x * (1 + Math.tanh(ROOT_TWO_OVER_PI * (x + CUBIC * x * x * x))) / 2;
    }
}
