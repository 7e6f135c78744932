package dev.bonsai.examples.sentence;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The rank correlation does what its definition says. */
public class SpearmanTest {

    /** Sums of some thousand products of 64-bit floats. */
    private static final double ROUNDING = 1e-12;

    private static double[] numbers(int count, int different, long seed) {
        Random random = new Random(seed);
        double[] numbers = new double[count];
        for (int i = 0; i < count; ++i) {
            numbers[i] = different == 0 ? random.nextGaussian() : random.nextInt(different);
        }
        return numbers;
    }

    /** The definition: a rank is the number of smaller ones, and half of those that are equal. */
    private static double byDefinition(double[] a, double[] b) {
        double[] x = ranks(a);
        double[] y = ranks(b);
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; ++i) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xy / Math.sqrt(xx * yy);
    }

    private static double[] ranks(double[] numbers) {
        double[] ranks = new double[numbers.length];
        for (int i = 0; i < ranks.length; ++i) {
            for (double other : numbers) {
                ranks[i] += other < numbers[i] ? 1 : other == numbers[i] ? 0.5 : 0;
            }
        }
        return ranks;
    }

    @DataProvider
    Object[][] rows() {
        return new Object[][] {{2, 0}, {3, 2}, {50, 0}, {50, 2}, {50, 7}, {300, 40}, {301, 0}};
    }

    @Test(dataProvider = "rows")
    public void itIsWhatTheDefinitionSaysAlsoWithTies(int count, int different) {
        for (int seed = 0; seed < 20; ++seed) {
            double[] a = numbers(count, different, seed);
            double[] b = numbers(count, 0, seed + 1000);
            b[0] = a[0] + 10;
            double expected = byDefinition(a, b);
            assertEquals(Spearman.of(a, b), expected, ROUNDING);
            assertEquals(Spearman.of(b, a), expected, ROUNDING);
        }
    }

    @Test
    public void whatKeepsTheOrderChangesNothingAndWhatTurnsItTurnsTheSign() {
        double[] a = numbers(80, 30, 1);
        double[] b = numbers(80, 0, 2);
        double plain = Spearman.of(a, b);
        assertTrue(Math.abs(plain) > 1e-3 && Math.abs(plain) < 1, "it says something: " + plain);
        for (DoubleUnaryOperator rising :
                new DoubleUnaryOperator[] {x -> 3 * x - 7, Math::atan, x -> x * x * x, Math::exp}) {
            assertEquals(Spearman.of(a, map(b, rising)), plain, ROUNDING);
            assertEquals(Spearman.of(map(a, rising), b), plain, ROUNDING);
            assertEquals(Spearman.of(a, map(b, x -> -rising.applyAsDouble(x))), -plain, ROUNDING);
        }
        assertEquals(Spearman.of(b, map(b, Math::exp)), 1, ROUNDING);
        assertEquals(Spearman.of(b, map(b, x -> -x)), -1, ROUNDING);
    }

    private static double[] map(double[] numbers, DoubleUnaryOperator function) {
        return Arrays.stream(numbers).map(function).toArray();
    }

    @Test
    public void whereNothingCanBeRankedThereIsNoCorrelation() {
        double[] some = {1, 2, 3};
        assertTrue(Double.isNaN(Spearman.of(some, new double[] {4, 4, 4})));
        assertTrue(Double.isNaN(Spearman.of(new double[] {1, Double.NaN, 3}, some)));
        for (double[] other : new double[][] {{1, 2}, {}, {1, 2, 3, 4}}) {
            String message =
                    expectThrows(IllegalArgumentException.class, () -> Spearman.of(some, other))
                            .getMessage();
            assertTrue(message.contains("got 3 and " + other.length), message);
        }
        expectThrows(
                IllegalArgumentException.class, () -> Spearman.of(new double[1], new double[1]));
    }
}
