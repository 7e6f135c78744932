package dev.bonsai.runtime.arithmetic;

import static org.testng.Assert.assertEquals;

import dev.bonsai.Cross;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Functions over arrays agree with doubles. */
public class FunctionTest {

    /** What the interface promises. */
    private static final double TOLERANCE = 1e-5;

    private static final float GUARD = 12345;
    private static final int[] LENGTHS = {0, 1, 3, 7, 8, 9, 16, 31, 100};

    @DataProvider
    Object[][] functions() {
        return Cross.of(Arithmetic.all().toArray(), Function.values());
    }

    @Test(dataProvider = "functions")
    void functionIsThatOfDoubles(Arithmetic arithmetic, Function function) {
        for (float step : new float[] {1e-6f, 1e-3f, 0.01f, 0.1f}) {
            float[] x = new float[2400];
            for (int i = 0; i < x.length; i++) {
                x[i] = (i - 1200) * step;
            }
            check(arithmetic, function, x);
        }
    }

    @Test(dataProvider = "functions")
    void functionOfHugeAndStrangeNumbersIsThatOfDoubles(Arithmetic arithmetic, Function function) {
        float[] x = {
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0f,
            -0f,
            1e30f,
            -1e30f,
            1e-30f,
            -1e-30f,
            Float.MIN_VALUE,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            88.7f,
            -88.7f,
            88.73f,
            1e4f,
            -1e4f
        };
        check(arithmetic, function, x);
    }

    private static void check(Arithmetic arithmetic, Function function, float[] x) {
        float[] y = new float[x.length];
        arithmetic.apply(function, x, 0, y, 0, x.length);
        for (int i = 0; i < x.length; i++) {
            double expected = (float) exact(function, x[i]);
            String message = function + " of " + x[i];
            if (Double.isNaN(expected) || Double.isInfinite(expected)) {
                assertEquals((double) y[i], expected, message);
            } else {
                // below the smallest normal float there are no relative errors
                double bound = Math.max(Math.abs(expected) * TOLERANCE, Float.MIN_NORMAL);
                assertEquals(y[i], expected, bound, message);
            }
        }
    }

    private static double exact(Function function, double x) {
        return switch (function) {
            case EXP -> Math.exp(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case ERF -> Math.abs(x) < 0.5 ? erfSeries(x) : Math.signum(x) * (1 - erfc(Math.abs(x)));
            case GELU -> {
                if (x == Double.NEGATIVE_INFINITY) {
                    yield 0; // the limit
                }
                double tail = erfc(Math.abs(x) / Math.sqrt(2)) / 2;
                yield x < 0 ? x * tail : x == 0 ? x : x - (tail == 0 ? 0 : x * tail);
            }
        };
    }

    private static double erfSeries(double x) {
        double term = x;
        double sum = 0;
        for (int n = 0; n < 200; n++) {
            sum += term / (2 * n + 1);
            term *= -x * x / (n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    /** By the series below 2, by the continued fraction above. */
    private static double erfc(double x) {
        if (x < 2) {
            return 1 - erfSeries(x);
        }
        double fraction = 0;
        for (int n = 200; n > 0; n--) {
            fraction = n / 2.0 / (x + fraction);
        }
        return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
    }

    @Test(dataProvider = "functions")
    void functionWritesItsResultsOnly(Arithmetic arithmetic, Function function) {
        for (int length : LENGTHS) {
            float[] x = random(length + 5, length);
            float[] y = random(length + 9, 1);
            float[] before = y.clone();
            arithmetic.apply(function, x, 2, y, 4, length);
            for (int i = 0; i < y.length; i++) {
                boolean written = i >= 4 && i < 4 + length;
                double expected = written ? exact(function, x[i - 2]) : before[i];
                assertEquals(y[i], expected, written ? Math.abs(expected) * TOLERANCE : 0);
            }
            float[] z = x.clone();
            arithmetic.apply(function, z, 2, z, 2, length);
            for (int i = 0; i < length; i++) {
                assertEquals(z[2 + i], y[4 + i], "in place, at " + i);
            }
        }
    }

    @DataProvider
    Object[][] arithmetics() {
        return Cross.of(Arithmetic.all().toArray());
    }

    @Test(dataProvider = "arithmetics")
    void sumAndMaximumAreThoseOfDoubles(Arithmetic arithmetic) {
        for (int length : LENGTHS) {
            for (int at = 0; at < length; at++) {
                float[] x = random(length + 4, length);
                x[at + 2] += 10;
                x[0] = GUARD;
                x[length + 2] = GUARD;
                double sum = 0;
                double size = 0;
                for (int i = 0; i < length; i++) {
                    sum += x[i + 2];
                    size += Math.abs(x[i + 2]);
                }
                assertEquals(arithmetic.sum(x, 2, length), sum, size * TOLERANCE);
                assertEquals(arithmetic.max(x, 2, length), x[at + 2]);
                x[at + 2] = Float.NaN;
                assertEquals(arithmetic.sum(x, 2, length), Float.NaN);
                assertEquals(arithmetic.max(x, 2, length), Float.NaN);
            }
        }
        assertEquals(arithmetic.sum(new float[0], 0, 0), 0f);
        assertEquals(arithmetic.max(new float[0], 0, 0), Float.NEGATIVE_INFINITY);
    }

    @Test(dataProvider = "arithmetics")
    void multipleIsAdded(Arithmetic arithmetic) {
        for (int length : LENGTHS) {
            float[] x = random(length + 3, length);
            float[] y = random(length + 5, 1);
            float[] before = y.clone();
            arithmetic.addScaled(2.5f, x, 1, y, 3, length);
            for (int i = 0; i < y.length; i++) {
                boolean written = i >= 3 && i < 3 + length;
                double expected = before[i] + (written ? 2.5 * x[i - 2] : 0);
                assertEquals(y[i], expected, written ? 1e-5 : 0);
            }
        }
    }

    @Test(dataProvider = "arithmetics")
    void softmaxOfRowsIsThatOfDoubles(Arithmetic arithmetic) {
        for (int columns : new int[] {1, 5, 8, 19, 40}) {
            Matrix x =
                    new Matrix(random(5 + 3 * (columns + 2), columns), 5, 3, columns, columns + 2);
            Matrix y = Matrix.of(new float[3 * columns], 3, columns);
            x.values()[5] = 200; // overflows unless the largest is taken off
            arithmetic.softmax(x, y);
            for (int row = 0; row < 3; row++) {
                double max = -1e9;
                for (int i = 0; i < columns; i++) {
                    max = Math.max(max, x.values()[x.start(row) + i]);
                }
                double sum = 0;
                for (int i = 0; i < columns; i++) {
                    sum += Math.exp(x.values()[x.start(row) + i] - max);
                }
                for (int i = 0; i < columns; i++) {
                    double expected = Math.exp(x.values()[x.start(row) + i] - max) / sum;
                    assertEquals(
                            y.values()[y.start(row) + i],
                            expected,
                            Math.max(expected * TOLERANCE, Float.MIN_NORMAL));
                }
            }
        }
    }

    @Test(dataProvider = "arithmetics")
    void rowsAreNormalizedAsByDoubles(Arithmetic arithmetic) {
        for (int columns : new int[] {1, 5, 8, 19, 384}) {
            Matrix x =
                    new Matrix(random(5 + 3 * (columns + 2), columns), 5, 3, columns, columns + 2);
            Matrix y = Matrix.of(new float[3 * columns], 3, columns);
            float[] scale = random(columns, 4);
            float[] bias = random(columns, 5);
            arithmetic.normalize(x, 1e-3f, scale, bias, y);
            for (int row = 0; row < 3; row++) {
                double mean = 0;
                for (int i = 0; i < columns; i++) {
                    mean += x.values()[x.start(row) + i] / (double) columns;
                }
                double variance = 0;
                for (int i = 0; i < columns; i++) {
                    variance += Math.pow(x.values()[x.start(row) + i] - mean, 2) / columns;
                }
                for (int i = 0; i < columns; i++) {
                    double normal =
                            (x.values()[x.start(row) + i] - mean) / Math.sqrt(variance + 1e-3f);
                    assertEquals(
                            y.values()[y.start(row) + i], normal * scale[i] + bias[i], TOLERANCE);
                }
            }
        }
    }

    private static float[] random(int length, long seed) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
