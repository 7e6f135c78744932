package dev.bonsai.examples.sentence;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.TiesStrategy;

/**
 * Spearman's rank correlation: how well one row of numbers tells the order of another. It is
 * Pearson's correlation of the ranks, where equal numbers have the mean of their ranks.
 */
public final class Spearman {

    private Spearman() {}

    /**
     * Correlates two rows of numbers.
     *
     * @param first numbers, at least two
     * @param second as many numbers
     * @return from -1 to 1; NaN if a number is NaN, or all numbers of a row are equal
     * @throws IllegalArgumentException if the rows are not of one length of at least 2
     */
    public static double of(double[] first, double[] second) {
        if (first.length != second.length || first.length < 2) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Two rows of one length, at least 2, can be correlated, but got %d and"
                                    + " %d numbers",
                            first.length,
                            second.length));
        }
        if (hasNaN(first) || hasNaN(second)) {
            return Double.NaN;
        }
        double[] a = centredRanks(first);
        double[] b = centredRanks(second);
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private static boolean hasNaN(double[] numbers) {
        return Arrays.stream(numbers).anyMatch(Double::isNaN);
    }

    private static double[] centredRanks(double[] numbers) {
        double[] ranks = new NaturalRanking(TiesStrategy.AVERAGE).apply(numbers);
        double mean = (ranks.length + 1) / 2.0;
        return Arrays.stream(ranks).map(rank -> rank - mean).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; ++i) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
