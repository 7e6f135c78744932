package dev.bonsai.kernel;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import dev.bonsai.core.ActivationTransform;
import dev.bonsai.core.Projection;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.WeightTransform;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one technique does at one level.
 *
 * @param level the level
 * @param transforms what is done to each weight that is changed
 * @param activations what is done to each value that is rounded, by its name
 * @param arrays what the transforms keep; empty where nothing is changed
 */
record State(
        double level,
        Map<TargetWeight, WeightTransform> transforms,
        Map<String, ActivationTransform> activations,
        Optional<SharedArrays> arrays) {

    State {
        transforms = Map.copyOf(transforms);
        activations = Collections.unmodifiableMap(new LinkedHashMap<>(activations));
    }

    /** A state that changes weights only. */
    State(
            double level,
            Map<TargetWeight, WeightTransform> transforms,
            Optional<SharedArrays> arrays) {
        this(level, transforms, Map.of(), arrays);
    }

    /** A state that changes nothing. */
    static State idle(double level) {
        return new State(level, Map.of(), Optional.empty());
    }

    /**
     * A state that was worked out.
     *
     * @param owner the owner of the arrays that the transforms keep
     */
    static State of(
            double level,
            Map<TargetWeight, WeightTransform> transforms,
            Map<String, ActivationTransform> activations,
            NDManager owner) {
        return new State(
                level, transforms, activations, Optional.of(new SharedArrays(owner::close)));
    }

    /** Takes hold of the arrays; returns false if they are freed already. */
    boolean hold() {
        return arrays.map(SharedArrays::hold).orElse(true);
    }

    void release() {
        arrays.ifPresent(SharedArrays::release);
    }

    /** The parameters of the transforms' own. */
    List<Parameter> parameters() {
        return Stream.concat(
                        transforms.values().stream().map(WeightTransform::getParameters),
                        activations.values().stream().map(ActivationTransform::getParameters))
                .flatMap(List::stream)
                .toList();
    }

    /** Whether any transform acts between the passes. */
    boolean hooked() {
        return transforms.values().stream().anyMatch(StepHook.class::isInstance);
    }

    /** The part of this state that leaves the weights alone. */
    State activationsAlone() {
        return new State(level, Map.of(), activations, arrays);
    }

    /** The part of this state that may be written over the latent weights during training. */
    State projections() {
        Map<TargetWeight, WeightTransform> kept = new HashMap<>(transforms);
        kept.values().removeIf(transform -> !(transform instanceof Projection));
        return new State(level, kept, arrays);
    }
}
