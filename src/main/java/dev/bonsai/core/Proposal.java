package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.encoding.EncodedWeight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** What a technique is given to work out its next state. */
public interface Proposal {

    /**
     * Returns the weights that the technique's selector selected.
     *
     * @return the weights, in the order of the model
     */
    List<TargetWeight> weights();

    /**
     * Returns the weights that training moves, for a technique that has nothing to do with others.
     *
     * @return the weights that are not frozen, in the order of the model
     * @throws IllegalArgumentException if all of them are frozen
     */
    default List<TargetWeight> trainedWeights() {
        return weightsThat(weight -> !weight.isFrozen(), "are trained");
    }

    /**
     * Returns the weights of which all of some signals are gathered. A frozen weight has no
     * gradient: it must be left out of a ranking by gradients, where it would come last.
     *
     * @param signals the signals
     * @return the weights, in the order of the model
     * @throws IllegalArgumentException if there is none
     */
    default List<TargetWeight> weightsWith(Set<Signal> signals) {
        return weightsThat(
                weight -> signals.stream().allMatch(signal -> signal.isGatheredOf(weight)),
                "have the signals " + signals);
    }

    private List<TargetWeight> weightsThat(Predicate<TargetWeight> law, String what) {
        List<TargetWeight> found = weights().stream().filter(law).toList();
        if (found.isEmpty() && !weights().isEmpty()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The technique works on weights that %s, but all of %s are frozen:"
                                    + " select others with a WeightSelector, unfreeze some, or use"
                                    + " a technique or criterion that needs no gradients, such as"
                                    + " Criterion.magnitude()",
                            what,
                            weights()));
        }
        return found;
    }

    /**
     * Returns the value of a weight as the techniques before this one leave it.
     *
     * @param weight one of the weights
     * @return an array outside any graph, which must not be changed and is closed after the
     *     proposal; results computed from it are closed too unless they are attached to {@link
     *     #manager()}
     */
    NDArray value(TargetWeight weight);

    /**
     * Returns the value of a weight as training moves it, before any technique.
     *
     * @param weight one of the weights
     * @return an array of the weight's shape, to be treated as {@link #value} is
     */
    NDArray latent(TargetWeight weight);

    /**
     * Returns a weight as the techniques before this one have it stored, such as the codes of a
     * grid.
     *
     * @param weight one of the weights
     * @return the encoded weight, which may lie in memory that is freed after the proposal
     */
    EncodedWeight encoded(TargetWeight weight);

    /**
     * Returns what was gathered about a weight during the epoch that ended.
     *
     * @param weight one of the weights
     * @param signal a signal that the technique asked for and that {@link Signal#isGatheredOf} the
     *     weight; without gradients there are zeros, which say nothing
     * @return an array of the weight's shape, to be treated as {@link #value} is
     */
    NDArray signal(TargetWeight weight, Signal signal);

    /**
     * Returns what this technique does to a weight at present.
     *
     * @param weight one of the weights
     * @return the transform of the state in effect, or empty if the weight is not changed yet
     */
    Optional<WeightTransform> present(TargetWeight weight);

    /**
     * Returns what is computed with the weights.
     *
     * @return the network, traced from the user's block when the training began
     * @throws IllegalStateException if the technique does not say that it {@link
     *     Technique#usesNetwork()}
     */
    default TracedNetwork network() {
        throw new IllegalStateException(
                "The network was not traced: have usesNetwork() of the technique return true");
    }

    /**
     * Computes values of the network for an input of the training, in inference mode, with the
     * weights as all techniques leave them at present, and nothing rounded.
     *
     * @param names the names of the values in the canonical graph of the network
     * @param observer told each value as it is computed; it must not be changed, and is closed
     *     afterwards
     * @throws IllegalStateException if the technique does not say that it {@link
     *     Technique#usesNetwork()}
     */
    default void observe(Set<String> names, BiConsumer<String, NDArray> observer) {
        throw new IllegalStateException(
                "The network was not traced: have usesNetwork() of the technique return true");
    }

    /**
     * Tells whether the state in effect is only to be worked out anew, at its own level or on the
     * way to one that was decided on: see {@link Technique#getRefresh()}.
     *
     * @return true at a refresh, within an epoch or between two, false where a level is tried
     */
    boolean isRefresh();

    /**
     * Returns the number of training steps so far, so that random choices can differ from one
     * proposal to the next and still depend on nothing but a seed.
     *
     * @return the steps since the training began
     */
    long step();

    /**
     * Returns the owner of the arrays that the transforms keep. It is closed when the state is
     * rejected or replaced.
     *
     * @return the manager of the proposed state
     */
    NDManager manager();

    /**
     * Returns the values of all weights.
     *
     * @return a map in the order of {@link #weights()}
     */
    default Map<TargetWeight, NDArray> values() {
        Map<TargetWeight, NDArray> values = new LinkedHashMap<>();
        weights().forEach(weight -> values.put(weight, value(weight)));
        return values;
    }
}
