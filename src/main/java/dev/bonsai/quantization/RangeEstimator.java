package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass;

/**
 * Finds the range of values that the codes should cover. What lies outside is clamped to its ends.
 *
 * <p>A new estimator is one small class: it sees a matrix with one group of weights a row and
 * returns two columns.
 */
@FunctionalInterface
public interface RangeEstimator {

    /**
     * The range of each group.
     *
     * @param low the lowest values, of shape (groups, 1)
     * @param high the highest values, of shape (groups, 1)
     */
    record Range(NDArray low, NDArray high) {}

    /**
     * Estimates the range of each group.
     *
     * @param matrix the values, of shape (groups, elements), outside any graph; not to be changed
     * @param quantizer the quantizer that the range is for
     * @param mode what the pass is for: only training may change a running estimate
     * @return the range, owned by the matrix's manager
     */
    Range estimate(NDArray matrix, AffineQuantizer quantizer, ForwardPass.Mode mode);

    /**
     * Returns the estimator for one weight; an estimator with a memory returns a new one here.
     *
     * @param manager the owner of what is remembered
     * @return an estimator for the exclusive use of one weight
     */
    default RangeEstimator forWeight(NDManager manager) {
        return this;
    }

    /**
     * Tells whether no value ever lies outside the range, so that nothing need be clamped.
     *
     * @return false by default
     */
    default boolean coversAll() {
        return false;
    }

    /**
     * From the smallest to the largest value.
     *
     * @return the estimator
     */
    static RangeEstimator minMax() {
        return new MinMax();
    }

    /**
     * The smallest and the largest value, averaged over the training passes: {@code running =
     * momentum * running + (1 - momentum) * now}.
     *
     * @param momentum the weight of the past, in [0, 1)
     * @return the estimator
     */
    static RangeEstimator movingAverage(float momentum) {
        return new MovingAverage(momentum);
    }

    /**
     * Leaves out the same fraction of the values at either end.
     *
     * @param percentile the percentage of the values at or below the upper end, in (50, 100];
     *     {@code 100 - percentile} is at or below the lower one
     * @return the estimator
     */
    static RangeEstimator percentile(float percentile) {
        return new Percentile(percentile);
    }

    /**
     * The mean plus and minus some standard deviations, but not beyond the values themselves.
     *
     * @param deviations the number of standard deviations, more than 0
     * @return the estimator
     */
    static RangeEstimator meanAndDeviation(float deviations) {
        return new MeanAndDeviation(deviations);
    }

    /**
     * The fraction of the full range that gives the least mean squared error, by trying some twenty
     * of them for each group. Nagel et al.: "A White Paper on Neural Network Quantization", <a
     * href="https://arxiv.org/abs/2106.08295">arXiv:2106.08295</a>, section 3.1.
     *
     * @return the estimator
     */
    static RangeEstimator mse() {
        return new MseOptimal();
    }
}
