package dev.bonsai.statistics;

/**
 * How much worse one state of a model is than another, or than a bound, with how sure that is.
 *
 * <p>A small {@link #pWithin} says that the drop is below a bound, and a small {@link #pBeyond}
 * that it is above. Where neither is small the samples don't tell.
 */
public sealed interface Comparison permits PairedMean, PairedProportions, SingleMean {

    /**
     * Returns how much worse the second state is.
     *
     * @return the drop in the metric's unit; negative if it is better
     */
    double drop();

    /**
     * Returns the standard error of the drop.
     *
     * @return the standard error in the metric's unit; NaN if one value alone is there
     */
    double standardError();

    /**
     * Returns how likely a drop as small as this one is where the true one is at the bound.
     *
     * @param bound the drop that would be too much
     * @return the p-value of the hypothesis that the true drop is at least the bound
     */
    default double pWithin(double bound) {
        return 1 - pBeyond(bound);
    }

    /**
     * Returns how likely a drop as large as this one is where the true one is at the bound.
     *
     * @param bound the drop that is not too much yet
     * @return the p-value of the hypothesis that the true drop is at most the bound
     */
    double pBeyond(double bound);

    /**
     * Compares two states on the same samples.
     *
     * @param before the outcomes of the first state
     * @param after the outcomes of the second state
     * @param higherIsBetter whether a greater value is the better one
     * @return the comparison: of proportions where each sample is right or wrong, else of means
     * @throws IllegalArgumentException if they are not of the same samples
     */
    static Comparison paired(Outcomes before, Outcomes after, boolean higherIsBetter) {
        if (!before.isPairedWith(after)) {
            throw new IllegalArgumentException(
                    "Outcomes are compared on the same samples in the same order, but got "
                            + before
                            + " and "
                            + after);
        }
        return before.isBinary() && after.isBinary()
                ? PairedProportions.of(before, after, higherIsBetter)
                : PairedMean.of(before, after, higherIsBetter);
    }

    /**
     * Compares a state with a bound that is known exactly.
     *
     * @param state the outcomes of the state
     * @param bound the metric at the bound
     * @param higherIsBetter whether a greater value is the better one
     * @return the comparison, whose drop is how much worse than the bound the state is
     */
    static Comparison withBound(Outcomes state, double bound, boolean higherIsBetter) {
        return SingleMean.of(state, bound, higherIsBetter);
    }
}
