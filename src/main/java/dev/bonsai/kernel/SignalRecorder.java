package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.listener.TrainingListener.BatchData;
import dev.bonsai.core.GradientSignal;
import dev.bonsai.core.InputSignal;
import dev.bonsai.core.Signal;
import dev.bonsai.core.StateArray;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Gathers what techniques want to know about the training, epoch by epoch.
 *
 * <p>A gradient adds up over the batches before a step of the optimizer. So the term of a batch
 * waits: it is taken in at the step, or replaced by that of the next batch before the step.
 *
 * <p>What an epoch has told is there until the first step of the next one that tells anything. What
 * is not finite does not: an epoch that has diverged is undone, and its weights are ranked by the
 * epoch before.
 */
final class SignalRecorder {

    private record Key(TargetWeight weight, Signal signal) {}

    /** What a signal has told of a weight. */
    private static final class Gathered {

        private final NDArray total;
        private NDArray waiting;
        private long steps;

        /** Whether the total is that of an earlier epoch. */
        private boolean past;

        Gathered(NDArray total) {
            this.total = total;
        }

        void await(NDArray term) {
            drop();
            waiting = term;
        }

        void takeIn(GradientSignal signal) {
            if (waiting != null && FiniteValues.areIn(waiting, waiting.getManager())) {
                if (past) {
                    beginAnew();
                }
                signal.accumulate(total, waiting, ++steps);
            }
            drop();
        }

        private void beginAnew() {
            try (NDArray zeros = total.zerosLike()) {
                Tensors.overwrite(total, zeros);
            }
            steps = 0;
            past = false;
        }

        private void drop() {
            if (waiting != null) {
                waiting.close();
                waiting = null;
            }
        }
    }

    private final Set<Key> asked = new HashSet<>();
    private final Map<TargetWeight, Set<GradientSignal>> gradients = new LinkedHashMap<>();
    private final Map<Key, Gathered> gathered = new HashMap<>();
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
            for (TargetWeight weight : targets) {
                asked.add(new Key(weight, signal));
                if (signal instanceof InputSignal input) {
                    inputs.request(weight, input);
                } else if (signal instanceof GradientSignal gradient) {
                    gradients.computeIfAbsent(weight, key -> new LinkedHashSet<>()).add(gradient);
                }
            }
        }
    }

    /** Whether signals are asked for of which no batch has told anything yet. */
    boolean isAwaited() {
        return !asked.isEmpty() && !recorded;
    }

    /**
     * Looks at one batch: after the backward pass, before gradients are cleared.
     *
     * @see #onStep()
     */
    void record(Plan plan, BatchData batchData) {
        if (epochEnded) {
            gathered.values().forEach(found -> found.past = true);
            inputs.endEpoch();
        }
        epochEnded = false;
        recorded = true;
        inputs.record(plan, batchData);
        gradients.forEach(
                (weight, signals) -> {
                    if (weights.latent(weight).hasGradient()) { // or it is frozen
                        signals.forEach(signal -> record(weight, signal));
                    }
                });
    }

    private void record(TargetWeight weight, GradientSignal signal) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray latent = Tensors.alias(weights.latent(weight), scratch);
            NDArray gradient = weights.latent(weight).getGradient();
            gradient.attach(scratch);
            NDArray term = signal.term(latent, gradient);
            term.attach(manager);
            gathered(new Key(weight, signal)).await(term);
        }
    }

    /** Takes in what the batches since the last step have told: the optimizer has made a step. */
    void onStep() {
        gathered.forEach((key, found) -> found.takeIn((GradientSignal) key.signal));
        inputs.onStep();
    }

    /**
     * Returns what was gathered.
     *
     * @param owner the owner of the result
     * @return an array of the weight's shape, which must not be changed
     */
    NDArray get(TargetWeight weight, Signal signal, NDManager owner) {
        Key key = new Key(weight, signal);
        if (!asked.contains(key)) {
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
        if (signal instanceof InputSignal input) {
            return inputs.get(weight, input, owner);
        }
        Gathered found = gathered(key);
        found.takeIn((GradientSignal) signal);
        return Tensors.alias(found.total, owner);
    }

    /**
     * What was gathered of one weight, but for the array.
     *
     * @param weight the place of the weight
     * @param signal the place of the signal
     * @param steps the steps that have told
     * @param past whether they are of an earlier epoch
     */
    record Told(int weight, int signal, long steps, boolean past) {}

    /**
     * What was gathered of all weights, between two steps.
     *
     * @param recorded whether any batch has told anything
     * @param epochEnded whether the next batch begins anew
     * @param gradients what gradients have told
     * @param totals the sums of what they have told
     * @param inputs what inputs have told
     */
    record Memory(
            boolean recorded,
            boolean epochEnded,
            List<Told> gradients,
            List<StateArray> totals,
            InputMagnitudes.Memory inputs) {}

    /** Returns what was gathered; the arrays are views. */
    Memory memory(List<TargetWeight> order) {
        List<Signal> signals = signals();
        List<Told> told = new ArrayList<>();
        List<StateArray> totals = new ArrayList<>();
        gathered.forEach(
                (key, found) -> {
                    told.add(
                            new Told(
                                    order.indexOf(key.weight),
                                    signals.indexOf(key.signal),
                                    found.steps,
                                    found.past));
                    totals.add(StateArray.of(found.total));
                });
        return new Memory(recorded, epochEnded, told, totals, inputs.memory(order, signals));
    }

    /** Goes on from what was gathered before. */
    void resume(Memory memory, List<TargetWeight> order) {
        List<Signal> signals = signals();
        recorded = memory.recorded;
        epochEnded = memory.epochEnded;
        for (int i = 0; i < memory.gradients.size(); ++i) {
            Told told = memory.gradients.get(i);
            Gathered found = gathered(new Key(order.get(told.weight), signals.get(told.signal)));
            memory.totals.get(i).copyTo(found.total);
            found.steps = told.steps;
            found.past = told.past;
        }
        inputs.resume(memory.inputs, order, signals);
    }

    /** Returns the signals that are asked for, in an order that is the same in every run. */
    private List<Signal> signals() {
        return asked.stream()
                .map(Key::signal)
                .distinct()
                .sorted(Comparator.comparing(Signal::toString))
                .toList();
    }

    /** Has the next batch begin anew. */
    void endEpoch() {
        epochEnded = true;
    }

    private Gathered gathered(Key key) {
        return gathered.computeIfAbsent(
                key,
                k -> {
                    NDArray zeros = weights.latent(k.weight).zerosLike();
                    zeros.attach(manager);
                    return new Gathered(zeros);
                });
    }
}
