package dev.bonsai.core;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A way of making weights smaller, as the user configured it: immutable, and knowing nothing of
 * trainers, gates or files.
 *
 * <p>A weight that the user has frozen (see {@link TargetWeight#isFrozen()}) is not moved by
 * training: no penalty draws it, and the scales that a technique trains along stand still. It is
 * pruned only by criteria that have a signal for it, as magnitude has and gradients have not, and
 * nothing grows in it. It is quantized and shared like any other weight that is selected.
 *
 * <p>What it does to a model at one level is a map of {@link WeightTransform}s; a step is a new
 * map, and undoing a step is keeping the old one.
 */
public interface Technique {

    /**
     * Returns the name for reports.
     *
     * @return such as {@code pruning}
     */
    String getName();

    /**
     * Returns which weights are worked on.
     *
     * @return the selector
     */
    WeightSelector getSelector();

    /**
     * Returns how strongly the technique may act.
     *
     * @return the levels from nothing to the target
     */
    Levels getLevels();

    /**
     * Returns what the technique does to the values of a weight.
     *
     * @return the effect
     */
    Effect getEffect();

    /**
     * Returns the settings that the technique was built with, as a value that can be written down.
     *
     * @return a record of which {@link TechniqueSettings#build()} makes an equal technique
     * @throws UnsupportedOperationException by default: a technique of one's own need not have any
     */
    default TechniqueSettings getSettings() {
        throw new UnsupportedOperationException(
                String.format(
                        Locale.ROOT,
                        "The technique '%s' has no settings that can be written down: have"
                                + " getSettings of %s return a record that implements"
                                + " TechniqueSettings",
                        getName(),
                        getClass().getName()));
    }

    /**
     * Returns whether and how often the state is worked out anew at its own level.
     *
     * @return the refresh; {@link Refresh#NONE} by default
     */
    default Refresh getRefresh() {
        return Refresh.NONE;
    }

    /**
     * Returns the epoch to whose weights the model is taken back whenever a new level is tried.
     *
     * @return the number of epochs trained by then, or empty, as by default, if training goes on
     */
    default OptionalInt getRewindEpoch() {
        return OptionalInt.empty();
    }

    /**
     * Tells whether a level shows what it does only once the model has trained on it, as a penalty
     * does. The gate then judges it after an epoch, and never tries it out on the spot.
     *
     * @return whether training comes before the verdict; by default for a {@link Effect#PENALTY}
     *     and where the model is taken back to early weights
     */
    default boolean isJudgedAfterTraining() {
        return getEffect() == Effect.PENALTY || getRewindEpoch().isPresent();
    }

    /**
     * Checks settings that speak of weights. Called once, before anything begins.
     *
     * @param targets the weights that the selector selected
     * @throws IllegalArgumentException if a setting fits none of them; the message says which
     */
    default void checkTargets(List<TargetWeight> targets) {}

    /**
     * Tells whether the technique goes by what is computed with the weights. The user's block is
     * traced before anything begins then, and the training fails where no graph can be made of it.
     *
     * @return whether {@link Proposal#network()} is there; false by default
     */
    default boolean usesNetwork() {
        return false;
    }

    /**
     * Checks that the technique can reach its target in a network. Called before anything begins,
     * where {@link #usesNetwork()} says so.
     *
     * @param network the network
     * @param targets the weights that the selector selected
     * @throws IllegalArgumentException if it can't; the message says what can be reached
     */
    default void checkNetwork(TracedNetwork network, List<TargetWeight> targets) {}

    /**
     * Tells whether elements that are zero come back while others go, as with regrowth. Zeros that
     * a weight comes with are not held then, unless that is asked for: see {@link HoldZeros}.
     *
     * @return whether zeros move; false by default
     */
    default boolean movesZeros() {
        return false;
    }

    /**
     * Returns what the technique wants to know about the training to rank weights.
     *
     * @return the signals that are gathered while the model trains; none by default
     */
    default Set<Signal> getSignals() {
        return Set.of();
    }

    /**
     * Computes what the technique does to the weights at a level.
     *
     * @param level the level, at most the target
     * @param proposal the weights, their values, and the manager that owns what is kept
     * @return one transform for each weight that is changed
     */
    Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal);

    /**
     * Computes what the technique does at a level to what is computed with the weights: see {@link
     * Effect#ACTIVATIONS}.
     *
     * @param level the level, at most the target
     * @param proposal the network, what it computes, and the manager that owns what is kept
     * @return one transform for each value that is rounded, by its name in the canonical graph of
     *     the network; none by default
     */
    default Map<String, ActivationTransform> proposeActivations(double level, Proposal proposal) {
        return Map.of();
    }

    /**
     * Makes the transforms that {@link #proposeActivations} once made, as training has left them.
     *
     * @param states what {@link ActivationTransform#getState()} of each transform of a proposal has
     *     returned, as in {@link #restore}
     * @param owner the owner of the arrays that the transforms keep
     * @return one transform for each state, in the same order
     * @throws IllegalArgumentException if a state is none of this technique's
     * @throws UnsupportedOperationException by default: a technique of one's own need not have any
     */
    default Map<String, ActivationTransform> restoreActivations(
            Map<String, TransformState> states, NDManager owner) {
        throw unrestorable();
    }

    private UnsupportedOperationException unrestorable() {
        return new UnsupportedOperationException(
                String.format(
                        Locale.ROOT,
                        "The technique '%s' can't go on from a state that was written down: have %s"
                                + " override restore and getStateTypes, and its transforms"
                                + " getState, or train without checkpoints",
                        getName(),
                        getClass().getName()));
    }

    /**
     * Returns the kinds of states that the transforms of this technique have.
     *
     * @return the types, each with a name of its own; none by default
     */
    default List<StateType> getStateTypes() {
        return List.of();
    }

    /**
     * Makes the transforms that {@link #propose} once made, as training has left them: every
     * further pass and step, in training and inference, is bit for bit the one that the old
     * transforms would have made.
     *
     * @param states what {@link WeightTransform#getState()} of each transform of a proposal has
     *     returned, in the technique with the same settings; all of a proposal together, as its
     *     transforms may share what they are made of. The arrays of states from a file are read
     *     here: it is still open
     * @param owner the owner of the arrays that the transforms keep
     * @return one transform for each state, in the same order
     * @throws IllegalArgumentException if a state is none of this technique's, or doesn't fit its
     *     weight
     * @throws UnsupportedOperationException by default: a technique of one's own need not have any
     */
    default Map<TargetWeight, WeightTransform> restore(
            Map<TargetWeight, TransformState> states, NDManager owner) {
        throw unrestorable();
    }
}
