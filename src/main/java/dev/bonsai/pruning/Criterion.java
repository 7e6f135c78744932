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
 * final class LargeAndActive implements Criterion {
 *     public NDArray importance(
 *             TargetWeight weight, NDArray value, Function<Signal, NDArray> signals) {
 *         return value.abs().mul(signals.apply(Signal.GRADIENT_MAGNITUDE));
 *     }
 *
 *     public Set<Signal> getSignals() {
 *         return Set.of(Signal.GRADIENT_MAGNITUDE);
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
     * @param value its value as the techniques before this one leave it, outside any graph, which
     *     must not be changed
     * @param signals gives what was gathered about the weight, for each of {@link #getSignals()}:
     *     an array of the weight's shape, which must not be changed
     * @return an array of the weight's shape; infinite and negative importances are allowed, NaN is
     *     not. It is closed after the ranking if it was computed from the value
     */
    NDArray importance(TargetWeight weight, NDArray value, Function<Signal, NDArray> signals);

    /**
     * Returns what has to be gathered while the model trains. A weight of which a signal is not
     * gathered, such as a frozen one and its gradients, is not ranked: it stays as it is.
     *
     * @return the signals, of the user's own or of those that {@link Signal} names; none by default
     */
    default Set<Signal> getSignals() {
        return Set.of();
    }

    /**
     * Ranks by this criterion, but has those elements go first that no gradient has reached in the
     * whole epoch, however important they seem: they lead to a unit from which nothing leads on, or
     * come from one that is always zero. Pruning leaves such dead ends behind, most of all at high
     * sparsity, where they take the place of connections that still do something.
     *
     * <p>What the cut itself leaves hanging is found at the next one: let the steps be small at the
     * end.
     *
     * @return the criterion, which asks for {@link Signal#GRADIENT_MAGNITUDE} too
     */
    default Criterion deadEndsFirst() {
        return new DeadEndsFirst(this);
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

    /**
     * Ranks at random: what any other criterion has to beat.
     *
     * <p>The importance of an element depends on the seed, the weight's path and the element's
     * index, and on nothing else, so that a later step removes the same elements and more.
     *
     * @param seed tells one ranking from another
     * @return the criterion, uniform in [0, 1)
     */
    static Criterion random(long seed) {
        return new RandomImportance(seed);
    }

    /**
     * Ranks by how strongly the loss has asked a weight to change during the epoch: what gets
     * little gradient goes first.
     *
     * <p>Evci, Gale, Menick, Castro, Elsen: "Rigging the Lottery: Making All Tickets Winners", <a
     * href="https://arxiv.org/abs/1911.11134">arXiv:1911.11134</a>, choose by it what grows.
     *
     * @return the criterion {@code sum |g|} over the batches
     */
    static Criterion gradientMagnitude() {
        return new GradientMagnitude();
    }

    /**
     * Ranks by how much the loss would change without an element, to the first order: {@code (L -
     * L(w = 0))^2} is about {@code (g w)^2}, which is summed over the batches of the epoch.
     *
     * <p>Molchanov, Mallya, Tyree, Frosio, Kautz: "Importance Estimation for Neural Network
     * Pruning", <a href="https://arxiv.org/abs/1906.10771">arXiv:1906.10771</a>.
     *
     * @return the criterion {@code sum (g w)^2} over the batches
     */
    static Criterion taylor() {
        return new Taylor();
    }

    /**
     * Ranks by whether training moves a weight away from zero or towards it: what shrinks goes
     * first, however large it still is. Meant for fine-tuning a model that is trained already.
     *
     * <p>Sanh, Wolf, Rush: "Movement Pruning: Adaptive Sparsity by Fine-Tuning", <a
     * href="https://arxiv.org/abs/2005.07683">arXiv:2005.07683</a>.
     *
     * @return the criterion {@code -sum w g} over the batches, which may be negative
     */
    static Criterion movement() {
        return new Movement();
    }

    /**
     * Ranks by what a connection contributes to its output on the training data: a large weight on
     * an input that is hardly ever active goes early.
     *
     * <p>The mean is over samples, and over positions, of the first batches of the epoch; a
     * convolution has one input per channel. The criterion is for the weights of linear and
     * convolutional blocks: exclude those of embeddings, recurrent and imported blocks.
     *
     * <p>A relative, with the root mean square and a ranking within each output: Sun, Liu, Bair,
     * Kolter: "A Simple and Effective Pruning Approach for Large Language Models", <a
     * href="https://arxiv.org/abs/2306.11695">arXiv:2306.11695</a>.
     *
     * @return the criterion {@code mean |x| * |w|}
     */
    static Criterion contribution() {
        return new Contribution();
    }
}
