package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener.BatchData;
import dev.bonsai.checkpoint.StateFileReader;
import dev.bonsai.gate.EarlierRun;
import dev.bonsai.gate.GateMachine;
import dev.bonsai.gate.Metrics;
import dev.bonsai.gate.Trial;
import dev.bonsai.report.EpochSummary;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The compression of a model from the first training pass on: what happens at each event of the
 * training, in which order.
 *
 * <p>A mask acts by one of three routes. Where it stands first in the chain of its weight, the
 * weight is not frozen, and the gradient of the last pass has been taken, it is done to the latent
 * weight in place between two steps ({@link LatentProjection}), which costs least. In every other
 * training pass, and in inference, it is a part of the pass ({@link EffectiveParameterStore}). The
 * arrays of an imported block, which never asks the store, are overwritten before each pass ({@link
 * Passes}). All three give the same bits.
 */
final class CompressionRun {

    private final Block root;
    private final NDManager manager;
    private final JoinedSettings settings;
    private final SessionParts parts;
    private final ModelStates states;
    private final GateMachine machine;
    private final EpochLog epochs;
    private final AskedWeights asked;

    private final GateClock clock = new GateClock();
    private final SavedStates saved;
    private final KeptArrays keptArrays;
    private final RunCounts counts = new RunCounts();
    private final Checkpoints checkpoints;
    private volatile Thread trainingThread = Thread.currentThread();

    /** Whether the block holds the effective weights itself. */
    private boolean baked;

    /**
     * @param inputs the input of the first training pass
     */
    CompressionRun(
            Block root,
            ParameterStore store,
            Trainer trainer,
            JoinedSettings settings,
            NDManager manager,
            SavedStates saved,
            NDList inputs) {
        this.root = root;
        this.manager = manager;
        this.settings = settings;
        this.saved = saved;
        ModelWeights weights = new ModelWeights(root, store, trainer.getDevices()[0]);
        ConvolutionCheck.note(weights.device()); // logged now, and not at the end alone
        settings.continuation().ifPresent(before -> before.check(weights));
        keptArrays = new KeptArrays(manager);
        parts = SessionParts.of(settings, weights, manager, trainer, inputs, keptArrays);
        states = new ModelStates(trainer, parts, settings, manager, this::onKeep, this::accepts);
        machine =
                new GateMachine(
                        settings.gates(),
                        settings.judged(),
                        settings.warmup(),
                        earlier(settings),
                        states,
                        settings::onTrial);
        epochs = new EpochLog(manager, parts.proposals().allTargets());
        asked = new AskedWeights();
        RunCheckpoint all =
                new RunCheckpoint(
                        settings, parts, states, machine, counts, epochs, clock, keptArrays);
        checkpoints = new Checkpoints(all, manager.getEngine());
    }

    private static EarlierRun earlier(JoinedSettings settings) {
        return settings.continuation().map(Continuation::run).orElse(EarlierRun.NONE);
    }

    /**
     * Begins: keeps what is gone back to, and judges a model that is trained already.
     *
     * @param inputs the input of the first training pass
     */
    void start(NDList inputs) {
        keptArrays.remember(inputs);
        settings.trainedOn(inputs);
        parts.rewinder().keep(0);
        NativeHeapHint.ask(manager);
        if (settings.warmup().leastEpochs() == 0) {
            clock.time(this::judge);
        }
    }

    /**
     * Begins where the run that has written a checkpoint was.
     *
     * @param inputs the input that it has kept
     * @throws IllegalStateException if it was another run
     */
    void resume(StateFileReader reader, NDList inputs) throws IOException {
        keptArrays.remember(inputs);
        settings.trainedOn(inputs);
        NativeHeapHint.ask(manager);
        checkpoints.resume(reader);
        asked.settle();
    }

    Checkpoints checkpoints() {
        return checkpoints;
    }

    /** The model as it is at the baseline teaches, and not what a warm-up has kept. */
    private void onKeep() {
        if (machine.hasBegun()) {
            parts.teacher().remember();
        }
    }

    private boolean accepts(Metrics metrics) {
        return machine.hasBegun() && settings.mayAccept(machine.reference(), metrics);
    }

    /**
     * Begins a pass of the trainer, or of the thread that trains, which sees the weights as they
     * are trained now.
     */
    Pass begin(ParameterStore store, NDList inputs, boolean training) {
        if (training) {
            trainingThread = Thread.currentThread();
            boolean settled = parts.projection().isSettled();
            Plan plan = beforeTrainingPass();
            Pass pass = parts.passes().train(plan, store, inputs, settled, asked::add);
            return new TaughtPass(pass, parts.teacher(), root, inputs);
        }
        if (baked && states.current().activations().isEmpty()) {
            return new PlainPass(store);
        }
        Plan held = states.held();
        Plan plan = baked ? held.activationsAlone() : held;
        return parts.passes()
                .begin(plan, store, inputs, false, isOwnPass(), asked::add, plan::release);
    }

    /**
     * Tells whether a pass is one of the gate's own evaluation: nothing keeps what it computes, so
     * that memory may be used again in the next one.
     */
    private boolean isOwnPass() {
        return Thread.currentThread() == trainingThread
                && clock.isRunning()
                && parts.projection().isSettled();
    }

    /**
     * Begins a pass with another store than the trainer's. Other threads than the one that trains
     * see the last accepted state, whatever the training does meanwhile.
     */
    Pass beginPrediction(ParameterStore store, NDList inputs) {
        if (Thread.currentThread() == trainingThread) {
            return begin(store, inputs, false);
        }
        if (parts.weights().hasImported()) {
            return new PlainPass(store);
        }
        return states.heldAccepted()
                .map(state -> parts.passes().predict(state, store, inputs))
                .orElseGet(() -> new PlainPass(store));
    }

    /**
     * What happens between two training passes, in order.
     *
     * @return what is left for the training pass to do
     */
    private Plan beforeTrainingPass() {
        afterStep();
        checkpoints.afterStep();
        boolean stepped = counts.hasStepped(parts.steps().steps());
        Optional<Integer> onTrial = states.enterProposed();
        if (onTrial.isPresent()) {
            parts.rewinder().rewind(onTrial.get());
        } else if (stepped) {
            states.refresh(parts.refresher().after(parts.steps().steps(), states.current()));
        }
        states.refresh(parts.refresher().afterEpoch(counts.epoch(), states.current()));
        parts.optimizer().beforePass(parts.steps().steps());
        parts.hooks().beforePass(states.current(), stepped);
        return parts.projection().beforePass(states.current());
    }

    /** Does what follows a step of the optimizer, if there was one since this was called last. */
    private void afterStep() {
        if (parts.steps().hasStepped()) {
            parts.signals().onStep();
            parts.hooks().afterStep(states.current());
        }
    }

    /** What happens after a backward pass, before the step of the optimizer. */
    void onTrainingBatch(BatchData batchData) {
        counts.onBatch();
        parts.signals().record(states.current(), batchData);
        parts.projection().onGradients();
        parts.hooks().beforeStep(states.current());
        parts.steps().onBatch();
    }

    /** What happens at the end of an epoch, after its validation. */
    void onEpoch() {
        counts.onEpoch();
        endSteps();
        checkAsked();
        parts.rewinder().keep(counts.epoch());
        if (machine.isWarmedUp(counts.epoch())) {
            clock.time(this::judge);
        }
        parts.signals().endEpoch();
        checkpoints.onEpoch();
    }

    /** Checks that no weight is compressed in vain. */
    private void checkAsked() {
        asked.check(parts.proposals().allTargets(), parts.weights());
    }

    /** Takes what the training steps have left under way to its end, before it is judged. */
    private void endSteps() {
        afterStep();
        boolean measurable = states.isPending() || states.canMeasureNow();
        parts.refresher().checkEpoch(parts.steps().steps(), states.current(), measurable);
        if (!states.isPending()) {
            states.refresh(parts.refresher().end(states.current()));
        }
    }

    private void judge() {
        try {
            if (counts.epoch() == 0 && parts.signals().isAwaited()) {
                machine.begin(0); // the first level waits for something to rank by
            } else {
                machine.onEpoch(counts.epoch());
            }
        } catch (IllegalStateException e) {
            throw machine.hasBegun() ? e : parts.sound().explained(e);
        }
        states.sweep();
        epochs.add(counts.epoch(), machine, states);
    }

    /**
     * Judges or undoes what is under way, and makes the accepted weights permanent.
     *
     * <p>The last state may fail to be judged, for want of data, say. The accepted one is made
     * permanent all the same, with a report, before that is thrown.
     *
     * @param ending told the result, also where something is thrown
     */
    void close(Consumer<SessionResult> ending) {
        checkAsked(); // the training may end before its first epoch does
        Optional<Throwable> failure = Optional.empty();
        try {
            afterStep();
            if (!states.isPending()) {
                states.refresh(parts.refresher().end(states.current()));
            }
            if (machine.canClose()) {
                clock.time(() -> machine.close(counts.epoch()));
            }
        } catch (RuntimeException | Error e) {
            failure = Optional.of(e);
            if (states.accepted().isPresent()) {
                machine.abandon();
            }
            throw e;
        } finally {
            finish(failure, ending);
        }
    }

    private void finish(Optional<Throwable> failure, Consumer<SessionResult> ending) {
        RunEnd end;
        EncodedWeights encoded;
        try {
            end = end(failure);
            encoded = EncodedWeights.of(end);
        } finally {
            parts.passes().beforeBaking(states.current());
            parts.effective().bake(states.current(), weight -> true);
            baked = true;
            parts.teacher().close();
        }
        // before the trace: a block that keeps arrays is to keep those of this pass
        Optional<String> broken = keptArrays.check(root, parts.weights().store());
        ThinnedModel found = ThinnedModel.of(end, encoded);
        SessionResult result = SessionResult.of(end, encoded, found);
        boolean whole = failure.isEmpty() && broken.isEmpty();
        SessionResult noted = result.noting(notes(broken));
        ending.accept((whole ? checked(noted, encoded, found) : noted).logged());
    }

    /** Measures the plain block, and compares it and the file with what was judged. */
    private SessionResult checked(
            SessionResult result, EncodedWeights encoded, ThinnedModel found) {
        List<String> notes = new ArrayList<>();
        BakedModel.differingFile(parts.weights(), encoded.all()).ifPresent(notes::add);
        found.differing(root, parts.weights().store(), keptArrays.inputs(), manager)
                .ifPresent(notes::add);
        if (!machine.hasBegun() || !settings.canMeasureNow()) {
            return result.noting(notes);
        }
        try {
            double[] plain = clock.time(() -> states.measure().values());
            notes.addAll(BakedModel.differingMetrics(settings.gates(), machine.kept(), plain));
            return result.noting(notes).measuring(plain[0], clock.read());
        } catch (RuntimeException e) {
            notes.add("the block that is left could not be measured once more: " + e);
            return result.noting(notes);
        }
    }

    private RunEnd end(Optional<Throwable> failure) {
        if (states.accepted().isPresent()) {
            epochs.add(counts.epoch(), machine, states);
        }
        return new RunEnd(
                root,
                keptArrays.inputs(),
                parts,
                settings,
                machine,
                states.current(),
                epochs.summaries(),
                new EventsHeard(counts.batches(), counts.epoch()),
                clock.read(),
                failure);
    }

    private List<String> notes(Optional<String> broken) {
        return Stream.of(saved.note(states.accepted()), broken).flatMap(Optional::stream).toList();
    }

    List<Trial> trials() {
        return machine.trials();
    }

    List<EpochSummary> epochs() {
        return List.copyOf(epochs.summaries());
    }

    /** Takes the model back to what it was before anything was tried, and gives up. */
    void abort() {
        states.accepted().ifPresent(AcceptedState::restore);
        dismiss();
    }

    /** Gives up, and leaves the model as it is. */
    void dismiss() {
        parts.teacher().close();
        states.close();
    }

    /** Lets go of everything; passes that are under way keep what they hold. */
    void release() {
        states.close();
    }

    /** Saves the last accepted state with its effective weights, in the root's own format. */
    void save(DataOutputStream os) throws IOException {
        Optional<AcceptedState> held = states.heldAccepted();
        saved.add(held);
        if (held.isEmpty()) {
            root.saveParameters(os);
            return;
        }
        try {
            new AcceptedParameters(root, held.get(), manager).save(os);
        } finally {
            held.get().release();
        }
    }
}
