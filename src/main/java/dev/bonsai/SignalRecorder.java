package dev.bonsai;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Sums up what techniques want to know about the training, from one accepted state to the next. */
final class SignalRecorder {

    private record Key(TargetWeight weight, Signal signal) {}

    private final Set<Key> keys = new LinkedHashSet<>();
    private final Map<Key, NDArray> sums = new HashMap<>();
    private final ModelWeights weights;
    private final NDManager manager;

    SignalRecorder(ModelWeights weights, NDManager manager) {
        this.weights = weights;
        this.manager = manager;
    }

    void request(Collection<Signal> signals, Collection<TargetWeight> targets) {
        for (Signal signal : signals) {
            targets.forEach(weight -> keys.add(new Key(weight, signal)));
        }
    }

    /** Adds the gradients of one batch: after the backward pass, before they are cleared. */
    void record() {
        for (Key key : keys) {
            try (NDManager scratch = manager.newSubManager()) {
                NDArray latent = weights.latent(key.weight).stopGradient();
                latent.attach(scratch);
                NDArray gradient = weights.latent(key.weight).getGradient();
                gradient.attach(scratch);
                NDArray term =
                        switch (key.signal) {
                            case GRADIENT_MAGNITUDE -> gradient.abs();
                            case WEIGHT_TIMES_GRADIENT -> gradient.mul(latent);
                        };
                sum(key).addi(term);
            }
        }
    }

    NDArray get(TargetWeight weight, Signal signal) {
        Key key = new Key(weight, signal);
        if (!keys.contains(key)) {
            throw new IllegalArgumentException(
                    "The technique did not ask for " + signal + ": name it in getSignals()");
        }
        return sum(key);
    }

    void reset() {
        sums.values().forEach(NDArray::close);
        sums.clear();
    }

    private NDArray sum(Key key) {
        return sums.computeIfAbsent(
                key,
                k -> {
                    NDArray zeros = weights.latent(k.weight).zerosLike();
                    zeros.attach(manager);
                    return zeros;
                });
    }
}
