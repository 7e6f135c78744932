package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import dev.bonsai.distillation.Teacher;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.gate.GateMachine;
import dev.bonsai.gate.Stage;
import dev.bonsai.gate.Trial;
import dev.bonsai.report.EpochSummary;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The compression of one trainer's model: the only object of the kernel that changes.
 *
 * <p>It holds the plan in effect, the plan that the next training step goes over to, and the
 * accepted state to fall back to, and is the stage on which the gate's state machine plays.
 */
public final class CompressionSession implements Stage {

    private final Trainer trainer;
    private final NDManager manager;
    private final CompressedBlock wrapper;
    private final JoinedSettings members = new JoinedSettings();
    private final List<EpochSummary> epochs = new ArrayList<>();
    private TrainingListener driver;
    private int epoch;
    private long steps;
    private boolean stepped;
    private boolean trainedOn;
    private boolean checked;
    private boolean closed;

    // known from the first training step on
    private ModelWeights weights;
    private SessionParts workings;
    private GateMachine machine;

    private Plan current;
    private Plan pending;
    private int onTrial;
    private Accepted accepted;
    private SessionResult result;
    private Optional<Throwable> failure = Optional.empty();

    /**
     * Has a listener take part in the compression of a trainer's model, which begins with the first
     * listener that does.
     *
     * @param trainer the trainer, which is just being constructed
     * @param settings what the listener was built with
     * @param listener the listener, which is to pass on what it is told
     * @return the session of the trainer
     * @throws IllegalStateException if the trainer can't be used like this; the model is as it was
     */
    public static CompressionSession join(
            Trainer trainer, Settings settings, TrainingListener listener) {
        if (settings.warmup() == 0 && !settings.gate().getMetric().isAtWill()) {
            throw new IllegalStateException(
                    "Without warm-up the baseline is measured before the first step, which needs"
                            + " a gate with data of its own: call"
                            + " Gate.builder().setEvaluation(dataset, evaluator), or optWarmup(1)");
        }
        if (trainer.getDevices().length > 1) {
            throw new IllegalArgumentException(
                    String.format(
                            "Bonsai compresses on one device, but the trainer has %d: use"
                                    + " config.optDevices(new Device[] {Device.gpu()}) or"
                                    + " Device.cpu()",
                            trainer.getDevices().length));
        }
        Block block = trainer.getModel().getBlock();
        try {
            settings.gate().getMetric().attach(trainer, listener);
            CompressionSession session =
                    of(block)
                            .flatMap(found -> joinable(found, trainer))
                            .orElseGet(() -> new CompressionSession(trainer));
            session.members.add(settings);
            session.driver = listener;
            return session;
        } catch (RuntimeException e) {
            // There will be no trainer that could be closed.
            of(block).filter(s -> s.trainer == trainer).ifPresent(CompressionSession::close);
            throw e;
        }
    }

    /** Returns the session of the listeners before this one; empty if it is a dead trainer's. */
    private static Optional<CompressionSession> joinable(
            CompressionSession found, Trainer trainer) {
        if (found.trainer == trainer) {
            return Optional.of(found);
        }
        if (found.weights != null) {
            throw new IllegalStateException(
                    "The model is still being compressed by an earlier trainer: close that one"
                            + " first");
        }
        found.close();
        return Optional.empty();
    }

    /**
     * Returns the session that compresses a block.
     *
     * @param block the root block of a model, or null
     * @return the session, or empty if the model is not being compressed
     */
    public static Optional<CompressionSession> of(Block block) {
        return block instanceof CompressedBlock wrapper
                ? Optional.of(wrapper.session())
                : Optional.empty();
    }

    /** Puts the wrapper round the root block of the trainer's model. */
    private CompressionSession(Trainer trainer) {
        this.trainer = trainer;
        Block root = trainer.getModel().getBlock();
        if (root == null) {
            throw new IllegalStateException(
                    "The model has no block: call model.setBlock(...) before model.newTrainer(...)");
        }
        manager = trainer.getManager().newSubManager();
        manager.setName("bonsai");
        wrapper = new CompressedBlock(root, this);
        trainer.getModel().setBlock(wrapper);
    }

    /**
     * Tells whether the session goes by the events of a listener: the last that joined, so that
     * whatever any gate waits for stands before it.
     */
    public boolean isDrivenBy(TrainingListener listener, Trainer by) {
        return driver == listener && trainer == by; // an abandoned trainer may still send some
    }

    /** Tells whether the training has ended. */
    public boolean isClosed() {
        return closed;
    }

    /** Returns the result; empty before the end of the training. */
    public Optional<SessionResult> result() {
        return Optional.ofNullable(result);
    }

    /** Returns the gate's verdicts so far. */
    public List<Trial> trials() {
        return machine == null ? List.of() : machine.trials();
    }

    /** Returns what stood accepted at the end of each epoch so far. */
    public List<EpochSummary> acceptedByEpoch() {
        return List.copyOf(epochs);
    }

    NDList forward(
            ParameterStore store,
            NDList inputs,
            boolean training,
            Function<ParameterStore, NDList> forward) {
        Plan plan = training && !closed ? beforeTraining(store, inputs) : current;
        boolean checking = training && !checked;
        if (closed || plan == null || (plan.isEmpty() && !checking)) {
            return forward.apply(store);
        }
        Consumer<Set<String>> asked = checking ? this::check : ids -> {};
        return workings.passes().run(plan, store, inputs, training, forward, asked);
    }

    private void check(Set<String> asked) {
        try {
            workings.proposals().checkAsked(asked);
            checked = true;
        } catch (IllegalStateException e) {
            // A step that was accepted before the first batch was judged without having any effect.
            if (accepted != null) {
                accepted.latents().restore();
            }
            weights = null;
            accepted = null;
            current = null;
            throw e;
        }
    }

    /** Returns what is left for the training pass to do. */
    private Plan beforeTraining(ParameterStore store, NDList inputs) {
        if (weights == null) {
            start(store, inputs);
        }
        workings.hooks().afterStep(current);
        if (pending != null) {
            current = pending;
            pending = null;
            workings.rewinds().rewind(onTrial);
        } else if (stepped) {
            goOn(workings.ramp().after(steps, current));
        }
        goOn(workings.ramp().afterEpoch(epoch, current));
        stepped = false;
        trainedOn = true;
        workings.optimizer().beforePass(steps);
        return workings.projection().beforePass(current);
    }

    private void goOn(Plan refreshed) {
        if (refreshed != current) {
            current = refreshed;
            sweep(); // or the states of one epoch pile up
        }
    }

    private void start(ParameterStore store, NDList inputs) {
        Block root = wrapper.root();
        if (!root.isInitialized()) {
            root.initialize(store.getManager(), DataType.FLOAT32, inputs.getShapes());
        }
        ModelWeights found = new ModelWeights(root, store, trainer.getDevices()[0]);
        workings = SessionParts.of(members, found, manager, () -> steps, trainer);
        machine = new GateMachine(members.gates(), members.runners(), this);
        current = members.idle();
        weights = found;
        workings.rewinds().keep(0);
        NativeHeapHint.ask(manager);
        if (members.warmup() == 0) {
            judge();
        }
    }

    /** Gathers signals and has gradients changed: after the backward pass, before the step. */
    public void onTrainingBatch(BatchData batchData) {
        if (weights != null) {
            workings.signals().record(current, batchData);
            workings.projection().onGradients();
            workings.hooks().beforeStep(current);
            ++steps;
            stepped = true;
        }
    }

    /** Judges the epoch that ended and decides on the next step. */
    public void onEpoch() {
        ++epoch;
        if (weights == null) {
            return;
        }
        workings.ramp().checkEpoch(steps, current, pending != null || canMeasureNow());
        endSteps();
        workings.rewinds().keep(epoch);
        if (epoch >= members.warmup()) {
            judge();
        }
        workings.signals().endEpoch();
    }

    /** Takes what the training steps have left under way to its end, before it is judged. */
    private void endSteps() {
        workings.hooks().afterStep(current);
        if (pending == null) {
            current = workings.ramp().end(current);
        }
    }

    private void judge() {
        if (epoch == 0 && workings.signals().isAwaited()) {
            machine.begin(epoch); // the first level waits for something to rank by
        } else {
            machine.onEpoch(epoch);
        }
        sweep();
        summarize();
    }

    private void summarize() {
        List<EncodedWeight> encoded =
                workings.baking().encoded(accepted.plan(), workings.proposals().allTargets());
        epochs.removeIf(earlier -> earlier.epoch() == epoch);
        epochs.add(summary(encoded));
    }

    /**
     * Judges or undoes what is under way, makes the accepted weights permanent, and unwraps.
     *
     * <p>The last state may fail to be judged, for want of data, say. The accepted one is made
     * permanent all the same, with a report, before that is thrown.
     */
    public void close() {
        if (closed) {
            return;
        }
        try {
            if (weights != null) {
                endSteps();
                settle();
            }
        } finally {
            closed = true;
            teacher().ifPresent(Teacher::close);
            trainer.getModel().setBlock(wrapper.root());
            manager.close();
        }
    }

    private void settle() {
        try {
            if (machine.hasBegun() || canMeasureNow()) {
                machine.close(epoch);
            }
        } catch (RuntimeException | Error e) {
            failure = Optional.of(e);
            if (accepted != null) {
                machine.abandon();
            }
            throw e;
        } finally {
            finish();
        }
    }

    private void finish() {
        try {
            if (accepted != null) {
                summarize();
            }
            result = SessionResult.of(this, wrapper.root(), weights, workings.baking());
        } finally {
            workings.baking().bake(current, weight -> true);
        }
    }

    void saveAccepted(DataOutputStream os) throws IOException {
        if (closed || accepted == null) {
            wrapper.root().saveParameters(os);
        } else {
            accepted.save(wrapper.root(), weights, workings.baking(), manager, os);
        }
    }

    @Override
    public double[] measure() {
        return members.measure(trainer);
    }

    @Override
    public boolean canMeasureNow() {
        return members.canMeasureNow();
    }

    @Override
    public Optional<double[]> tryOut(int technique, double level) {
        if (!canMeasureNow() || members.techniques().get(technique).isJudgedAfterTraining()) {
            return Optional.empty();
        }
        Plan before = current;
        current = workings.candidates().planAt(technique, level, current);
        try {
            return Optional.of(measure());
        } finally {
            current = before;
        }
    }

    @Override
    public void propose(int technique, double level) {
        pending = workings.ramp().begin(technique, level, current);
        onTrial = technique;
        workings.candidates().clear();
    }

    @Override
    public void adopt(int technique, double level) {
        current = workings.candidates().planAt(technique, level, current);
        workings.candidates().clear();
        keep();
    }

    @Override
    public void keep() {
        LatentSnapshot latents = LatentSnapshot.of(weights, manager, current.parameters());
        if (accepted != null) {
            accepted.latents().close();
        }
        accepted = new Accepted(current, latents);
        workings.teacher().remember();
        trainedOn = false;
    }

    @Override
    public void rollBack() {
        pending = null;
        workings.ramp().abandon();
        workings.candidates().clear();
        current = accepted.plan();
        accepted.latents().restore();
        workings.optimizer().weightsWentBack();
        trainedOn = false;
    }

    @Override
    public boolean isTrainedOn() {
        return trainedOn;
    }

    private void sweep() {
        List<Plan> live = new ArrayList<>(List.of(current, accepted.plan()));
        Optional.ofNullable(pending).ifPresent(live::add);
        workings.candidates().sweep(live);
    }

    private EpochSummary summary(List<EncodedWeight> weights) {
        double size = weights.stream().mapToDouble(EncodedWeight::size).sum();
        double zeros = weights.stream().mapToDouble(EncodedWeight::zeros).sum();
        double bits = weights.stream().mapToDouble(w -> (double) w.bits() * w.size()).sum();
        return new EpochSummary(epoch, machine.kept()[0], zeros / size, bits / size);
    }

    /** Returns who teaches the model, from the first training pass on. */
    Optional<Teacher> teacher() {
        return Optional.ofNullable(workings).map(SessionParts::teacher);
    }

    List<EpochSummary> epochs() {
        return epochs;
    }

    JoinedSettings members() {
        return members;
    }

    GateMachine machine() {
        return machine;
    }

    Plan plan() {
        return current;
    }

    /** What kept the last state from being judged. */
    Optional<Throwable> failure() {
        return failure;
    }

    Proposals proposals() {
        return workings.proposals();
    }
}
