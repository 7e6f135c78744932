package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import java.util.Set;
import java.util.function.Function;

/**
 * Ranks the elements of a weight: the least important are removed first.
 *
 * <p>Only the order counts, within a weight in the local scope and across all weights in the global
 * one; a threshold is compared with the importance itself. A criterion of one's own is a lambda, or
 * a class if it asks for signals:
 *
 * <pre>{@code
 * final class Taylor implements Criterion {
 *     public NDArray importance(
 *             TargetWeight weight, NDArray value, Function<Signal, NDArray> signals) {
 *         return signals.apply(Signal.WEIGHT_TIMES_GRADIENT).abs();
 *     }
 *
 *     public Set<Signal> getSignals() {
 *         return Set.of(Signal.WEIGHT_TIMES_GRADIENT);
 *     }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface Criterion {

    /**
     * Computes the importance of every element of a weight.
     *
     * @param weight the weight
     * @param value its latent value, outside any graph, which must not be changed
     * @param signals gives what was gathered about the weight, for each of {@link #getSignals()}:
     *     an array of the weight's shape, which must not be changed
     * @return an array of the weight's shape; infinite and negative importances are allowed, NaN is
     *     not. It is closed after the ranking if it was computed from the value
     */
    NDArray importance(TargetWeight weight, NDArray value, Function<Signal, NDArray> signals);

    /**
     * Returns what has to be gathered while the model trains.
     *
     * @return the signals; none by default
     */
    default Set<Signal> getSignals() {
        return Set.of();
    }

    /**
     * Ranks by the absolute value: small weights go first.
     *
     * <p>Han, Pool, Tran, Dally: "Learning both Weights and Connections for Efficient Neural
     * Networks", <a href="https://arxiv.org/abs/1506.02626">arXiv:1506.02626</a>.
     *
     * @return the criterion {@code |w|}
     */
    static Criterion magnitude() {
        return new Magnitude();
    }
}
