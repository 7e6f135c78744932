package dev.bonsai.statistics;

import java.util.Locale;

/**
 * How much of the chance of an error is left when the same samples are asked again and again.
 *
 * <p>The j-th look may err with the chance {@code alpha / (j (j + 1))}. These add up to alpha over
 * any number of looks, so that, by Bonferroni's bound, the chance that any of them errs is at most
 * alpha. Spending it look by look, with their number open, is the idea of Lan and DeMets: "Discrete
 * sequential boundaries for clinical trials", Biometrika 70 (1983).
 *
 * @param alpha the chance that any look errs, between 0 and 1
 * @param looks the looks so far
 */
public record ErrorBudget(double alpha, int looks) {

    /**
     * Validates the numbers.
     *
     * @throws IllegalArgumentException if alpha is not between 0 and 1, or looks is negative
     */
    public ErrorBudget {
        if (!(alpha > 0 && alpha < 1) || looks < 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The chance of an error lies between 0 and 1, and there are 0 or more"
                                    + " looks, but got %s and %d",
                            alpha,
                            looks));
        }
    }

    /**
     * Returns the budget before the first look.
     *
     * @param confidence 1 - alpha
     * @return a whole budget
     */
    public static ErrorBudget of(double confidence) {
        return new ErrorBudget(1 - confidence, 0);
    }

    /**
     * Returns the chance with which the next look may err.
     *
     * @return a part of alpha
     */
    public double next() {
        return alpha / ((looks + 1.0) * (looks + 2.0));
    }

    /**
     * Returns the budget after one more look.
     *
     * @return what is left
     */
    public ErrorBudget spent() {
        return new ErrorBudget(alpha, looks + 1);
    }
}
