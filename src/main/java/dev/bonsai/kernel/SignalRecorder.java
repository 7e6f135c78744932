package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.listener.TrainingListener.BatchData;
import dev.bonsai.core.Signal;
import dev.bonsai.core.TargetWeight;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sums up what techniques want to know about the training, epoch by epoch.
 *
 * <p>The sums of an epoch that has ended are there until the first batch of the next one.
 */
final class SignalRecorder {

    private record Key(TargetWeight weight, Signal signal) {}

    private final Set<Key> keys = new LinkedHashSet<>();
    private final Map<Key, NDArray> sums = new HashMap<>();

    /** What the latest batch tells, of the gradient accumulated so far: it counts once per step. */
    private final Map<Key, NDArray> latest = new HashMap<>();

    private final ModelWeights weights;
    private final InputMagnitudes inputs;
    private final NDManager manager;
    private boolean recorded;
    private boolean epochEnded;

    SignalRecorder(ModelWeights weights, InputMagnitudes inputs, NDManager manager) {
        this.weights = weights;
        this.inputs = inputs;
        this.manager = manager;
    }

    void request(Collection<Signal> signals, Collection<TargetWeight> targets) {
        for (Signal signal : signals) {
            targets.forEach(weight -> keys.add(new Key(weight, signal)));
            if (signal == Signal.INPUT_MAGNITUDE) {
                inputs.request(targets);
            }
        }
    }

    /** Whether signals are asked for of which no batch has told anything yet. */
    boolean isAwaited() {
        return !keys.isEmpty() && !recorded;
    }

    /** Adds what one batch tells: after the backward pass, before gradients are cleared. */
    void record(Plan plan, BatchData batchData) {
        if (epochEnded) {
            sums.values().forEach(NDArray::close);
            sums.clear();
            inputs.clear();
        }
        epochEnded = false;
        recorded = true;
        inputs.record(plan, batchData);
        for (Key key : keys) {
            if (key.signal == Signal.INPUT_MAGNITUDE || !weights.latent(key.weight).hasGradient()) {
                continue; // no gradient is asked for, or the weight is frozen
            }
            try (NDManager scratch = manager.newSubManager()) {
                NDArray latent = weights.latent(key.weight).stopGradient();
                latent.attach(scratch);
                NDArray gradient = weights.latent(key.weight).getGradient();
                gradient.attach(scratch);
                NDArray term =
                        switch (key.signal) {
                            case GRADIENT_MAGNITUDE -> gradient.abs();
                            case WEIGHT_TIMES_GRADIENT -> gradient.mul(latent);
                            case WEIGHT_TIMES_GRADIENT_SQUARED -> gradient.mul(latent).square();
                            case INPUT_MAGNITUDE -> throw new AssertionError("has no gradient");
                        };
                term.attach(manager);
                Optional.ofNullable(latest.put(key, term)).ifPresent(NDArray::close);
            }
        }
    }

    /** Counts what the latest batch has told: the optimizer has taken a step. */
    void onStep() {
        latest.forEach(
                (key, term) -> {
                    sum(key).addi(term);
                    term.close();
                });
        latest.clear();
    }

    /**
     * Returns what was gathered.
     *
     * @param owner the owner of the result
     * @return an array of the weight's shape, which must not be changed
     */
    NDArray get(TargetWeight weight, Signal signal, NDManager owner) {
        Key key = new Key(weight, signal);
        if (!keys.contains(key)) {
            throw new IllegalArgumentException(
                    "The technique did not ask for " + signal + ": name it in getSignals()");
        }
        if (!recorded) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "The technique ranks weights by %s, but the CompressionListener was told"
                                    + " of no batch: in a training loop of your own call"
                                    + " trainer.notifyListeners(l -> l.onTrainingBatch(trainer,"
                                    + " batchData)) before trainer.step()",
                            signal));
        }
        if (signal == Signal.INPUT_MAGNITUDE) {
            return inputs.get(weight, owner);
        }
        NDArray alias = sum(key).stopGradient();
        alias.attach(owner);
        return alias;
    }

    /** Has the next batch begin new sums. */
    void endEpoch() {
        epochEnded = true;
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
