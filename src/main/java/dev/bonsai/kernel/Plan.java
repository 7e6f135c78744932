package dev.bonsai.kernel;

import ai.djl.nn.Parameter;
import dev.bonsai.core.ActivationTransform;
import dev.bonsai.core.Projection;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is done to the weights: for each technique, in order, the transforms of its state, behind
 * those that hold zeros. Immutable; a step is a new plan, and undoing it is keeping the old one.
 */
final class Plan {

    private final State held;
    private final List<State> states;
    private final Map<String, List<WeightTransform>> byId = new HashMap<>();
    private final Map<String, ActivationTransform> activations = new LinkedHashMap<>();
    private final Set<TargetWeight> hooked = new LinkedHashSet<>();
    private final Map<TargetWeight, List<Projection>> leading = new LinkedHashMap<>();
    private final Plan behindLeading;

    Plan(List<State> states) {
        this(State.idle(0), states);
    }

    /**
     * @param held what stands in front of all techniques, and never changes; its arrays outlive all
     *     plans
     * @param states what each technique does, in order
     */
    Plan(State held, List<State> states) {
        this.held = held;
        this.states = List.copyOf(states);
        held.transforms().forEach(this::add);
        for (State state : states) {
            state.transforms().forEach(this::add);
            activations.putAll(state.activations());
        }
        behindLeading = leading.isEmpty() ? this : new Plan(this);
    }

    /** The same states, of which each weight sees only what stands behind its projections. */
    private Plan(Plan whole) {
        held = whole.held;
        states = whole.states;
        hooked.addAll(whole.hooked);
        byId.putAll(whole.byId);
        activations.putAll(whole.activations);
        whole.leading.forEach(
                (weight, head) ->
                        byId.computeIfPresent(weight.id(), (id, chain) -> rest(chain, head)));
        behindLeading = this;
    }

    /** Returns what stands in a chain behind its head, if anything does. */
    private static List<WeightTransform> rest(List<WeightTransform> chain, List<?> head) {
        return chain.size() == head.size() ? null : chain.subList(head.size(), chain.size());
    }

    private void add(TargetWeight weight, WeightTransform transform) {
        List<WeightTransform> chain = byId.computeIfAbsent(weight.id(), id -> new ArrayList<>());
        List<Projection> head = leading.getOrDefault(weight, List.of());
        boolean moves = weight.parameter().requiresGradient(); // what is frozen keeps its values
        if (moves && transform instanceof Projection projection && head.size() == chain.size()) {
            leading.computeIfAbsent(weight, key -> new ArrayList<>()).add(projection);
        }
        chain.add(transform);
        if (transform instanceof StepHook) {
            hooked.add(weight);
        }
    }

    /** Returns what stands in front of all techniques. */
    State held() {
        return held;
    }

    Plan with(int technique, State state) {
        List<State> changed = new ArrayList<>(states);
        changed.set(technique, state);
        return new Plan(held, changed);
    }

    /** The part of this plan that the techniques before one make up. */
    Plan before(int technique) {
        return new Plan(held, states.subList(0, technique));
    }

    /** The part of this plan that may be written over the latent weights during training. */
    Plan projections() {
        return new Plan(held, states.stream().map(State::projections).toList());
    }

    /** Returns the projections at the head of the chain of each weight that has any there. */
    Map<TargetWeight, List<Projection>> leading() {
        return leading;
    }

    /** The part of this plan that is left to do where the leading projections have been done. */
    Plan behindLeading() {
        return behindLeading;
    }

    /** Returns the transforms of a parameter in the order in which they are applied. */
    List<WeightTransform> of(String parameterId) {
        return byId.getOrDefault(parameterId, List.of());
    }

    /** Returns what is done to values on their way through the network, by their names. */
    Map<String, ActivationTransform> activations() {
        return activations;
    }

    /** The part of this plan that is left to do where the weights are the effective ones. */
    Plan activationsAlone() {
        return new Plan(states.stream().map(State::activationsAlone).toList());
    }

    /** Returns the bits that tell one element's value from another's at the end of a chain. */
    int bits(TargetWeight weight) {
        int bits = Float.SIZE;
        for (WeightTransform transform : of(weight.id())) {
            bits = transform.bits(bits);
        }
        return bits;
    }

    /** Returns the weights with a transform that acts between the passes. */
    Set<TargetWeight> hooked() {
        return hooked;
    }

    /** Returns the parameters of the transforms' own. */
    List<Parameter> parameters() {
        return states.stream().flatMap(state -> state.parameters().stream()).toList();
    }

    /**
     * Takes hold of the arrays of all states, so that they stay until {@link #release}; returns
     * false if one of them is freed already.
     */
    boolean hold() {
        for (int i = 0; i < states.size(); ++i) {
            if (!states.get(i).hold()) {
                states.subList(0, i).forEach(State::release);
                return false;
            }
        }
        return true;
    }

    void release() {
        states.forEach(State::release);
    }

    Optional<WeightTransform> transform(int technique, TargetWeight weight) {
        return Optional.ofNullable(states.get(technique).transforms().get(weight));
    }

    List<State> states() {
        return states;
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }
}
