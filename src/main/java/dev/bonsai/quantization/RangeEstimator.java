package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.ForwardPass.Mode;
import dev.bonsai.core.Learned;
import java.util.List;
import java.util.Locale;

/**
 * Finds the range that a grid spans: a wide one clips nothing, a narrow one has finer steps.
 *
 * <p>One more is one small class. For the trade-off see Nagel et al.: "A White Paper on Neural
 * Network Quantization", <a href="https://arxiv.org/abs/2106.08295">arXiv:2106.08295</a>.
 */
@FunctionalInterface
public interface RangeEstimator {

    /**
     * Estimates the range of each group.
     *
     * @param groups the weight as a matrix (groups, elements) of floats, outside any graph; it must
     *     not be changed
     * @param quantizer the grid that will span the range
     * @param mode what the forward pass is for; only training may change a running state
     * @return the ranges, which belong to the manager of {@code groups}; zero need not be inside
     */
    Range estimate(NDArray groups, AffineQuantizer quantizer, Mode mode);

    /**
     * Estimates the range of each group, for an estimator with a running state: it reads and, in
     * training alone, overwrites {@code pass.value(parameter)} of its {@link #getParameters}.
     *
     * @param groups as above
     * @param quantizer the grid that will span the range
     * @param pass the forward pass
     * @return the ranges
     */
    default Range estimate(NDArray groups, AffineQuantizer quantizer, ForwardPass pass) {
        return estimate(groups, quantizer, pass.mode());
    }

    /**
     * Returns the running state of an estimator that {@link #start} has made. It is kept and rolled
     * back with the weights, so that an accepted state has the ranges that it was judged with.
     *
     * @return parameters made by {@link Learned#kept}; none by default
     */
    default List<Parameter> getParameters() {
        return List.of();
    }

    /**
     * Returns the estimator of one matrix: this one, unless it has a state.
     *
     * @param groups the matrix as it is at first
     * @param quantizer the grid that will span the range
     * @param state the owner of the arrays of the state
     * @return the estimator to ask from now on
     */
    default RangeEstimator start(NDArray groups, AffineQuantizer quantizer, NDManager state) {
        return this;
    }

    /**
     * Returns the numbers of a running state, for an estimator that {@link #start} has made.
     *
     * @return the numbers; none by default
     */
    default float[] getState() {
        return new float[0];
    }

    /**
     * Returns an estimator that goes on where one stood that {@link #start} of this one had made.
     *
     * @param numbers what its {@link #getState()} returned, at least one number
     * @param groups the number of groups of its matrix
     * @param state the owner of the arrays of the state
     * @return the estimator to ask from now on
     * @throws IllegalArgumentException if the numbers are no state of such an estimator
     * @throws UnsupportedOperationException by default, as there is no state to go on from
     */
    default RangeEstimator restore(float[] numbers, long groups, NDManager state) {
        throw new UnsupportedOperationException(
                String.format(
                        Locale.ROOT,
                        "The range estimator %s has no state: override getState and restore, or"
                                + " use the estimator that the state was taken from",
                        getClass().getName()));
    }

    /**
     * Spans all values, so that nothing is clipped.
     *
     * @return the estimator, the fastest one
     */
    static RangeEstimator minMax() {
        return MinMax.INSTANCE;
    }

    /**
     * Spans all values, smoothed over the training steps: {@code running = momentum * running + (1
     * - momentum) * current}, starting with the first range. Inference uses the running range as it
     * is.
     *
     * @param momentum the share of the past, in [0, 1); 0 is {@link #minMax}
     * @return the estimator
     */
    static RangeEstimator movingAverage(float momentum) {
        return new MovingAverage(momentum);
    }

    /**
     * Leaves out the same number of the greatest and of the least elements of each group: {@code
     * (100 - percent) / 100} of its non-zero elements, rounded down.
     *
     * @param percent how much of a group lies below the greatest value spanned, in (50, 100], such
     *     as 99.9; 100 is {@link #minMax}
     * @return the estimator
     */
    static RangeEstimator percentile(float percent) {
        return new Percentile(percent);
    }

    /**
     * Spans the mean and so many standard deviations of the non-zero elements to either side, at
     * most all values. Quantizing twice clips twice, as the clipped values deviate less.
     *
     * @param deviations the number of standard deviations, finite and greater than 0, such as 3
     * @return the estimator
     */
    static RangeEstimator meanAndDeviation(float deviations) {
        return new MeanAndDeviation(deviations);
    }

    /**
     * Spans so many root mean squares of the non-zero elements to either side of zero, also where
     * no element lies that far: with {@code b} bits a step is {@code reach / (2^(b-1) - 1)} of
     * them, however large the greatest element is. Quantizing twice moves values, as the grid of
     * rounded values is another one.
     *
     * <p>This is for files with an entropy coder, in which a code takes the bits that it is worth,
     * and one that never occurs takes none. There a wide grid of coarse steps takes no more bytes
     * than a narrow one of few codes with the same mean error, and clips no outliers, on which much
     * may depend. See Gish, Pierce: "Asymptotically Efficient Quantizing", IEEE Transactions on
     * Information Theory 14, 1968. The step says how many bytes a weight takes: of normal values
     * each takes 2.1 bits where it is 1 root mean square, 1.6 where it is 1.5, and 3.1 where it is
     * 1/2.
     *
     * @param reach the number of root mean squares, finite and greater than 0
     * @return the estimator
     */
    static RangeEstimator rootMeanSquare(float reach) {
        return new RootMeanSquare(reach);
    }

    /**
     * Searches the range with the least mean squared error: the range of all values times each of
     * 25 ratios from 1 down to 1/4, for each group by itself. This quantizes the weight 25 times.
     *
     * @return the estimator
     */
    static RangeEstimator mse() {
        return MeanSquaredError.INSTANCE;
    }
}
