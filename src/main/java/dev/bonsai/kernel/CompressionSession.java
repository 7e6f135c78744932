package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import dev.bonsai.gate.Trial;
import dev.bonsai.report.EpochSummary;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The compression of one trainer's model, in which one or several listeners take part: it puts the
 * wrapper round the root block, passes on what happens, and takes the wrapper off in the end.
 */
public final class CompressionSession {

    private final Trainer trainer;
    private final NDManager manager;
    private final CompressedBlock wrapper;
    private final SharedArrays arrays;
    private final JoinedSettings settings = new JoinedSettings();
    private TrainingListener driver;
    private Optional<SessionResult> result = Optional.empty();
    private boolean closed;

    /** From the first training pass on, other threads read it too. */
    private volatile Optional<CompressionRun> run = Optional.empty();

    /** Puts the wrapper round the root block of the trainer's model. */
    private CompressionSession(Trainer trainer) {
        this.trainer = trainer;
        Block root = trainer.getModel().getBlock();
        if (root == null) {
            throw new IllegalStateException(
                    "The model has no block: call model.setBlock(...) before model.newTrainer(...)");
        }
        // not the trainer's: what other threads hold outlives it
        manager = trainer.getModel().getNDManager().newSubManager();
        manager.setName("bonsai");
        arrays = new SharedArrays(manager::close);
        wrapper = new CompressedBlock(root, new WrappedPasses());
        trainer.getModel().setBlock(wrapper);
    }

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
        Block block = trainer.getModel().getBlock();
        try {
            check(trainer, settings);
            settings.gate().getMetric().attach(trainer, listener);
            CompressionSession session =
                    of(block)
                            .flatMap(found -> joinable(found, trainer))
                            .orElseGet(() -> new CompressionSession(trainer));
            session.settings.add(settings);
            session.driver = listener;
            return session;
        } catch (RuntimeException e) {
            // There will be no trainer that could be closed.
            of(block).filter(s -> s.trainer == trainer).ifPresent(CompressionSession::close);
            throw e;
        }
    }

    private static void check(Trainer trainer, Settings settings) {
        if (settings.warmup().leastEpochs() == 0 && !settings.gate().getMetric().isAtWill()) {
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
    }

    /** Returns the session of the listeners before this one; empty if it is a dead trainer's. */
    private static Optional<CompressionSession> joinable(
            CompressionSession found, Trainer trainer) {
        if (found.trainer == trainer) {
            return Optional.of(found);
        }
        if (found.hasBegun()) {
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
        return Optional.ofNullable(block)
                .filter(CompressedBlock.class::isInstance)
                .flatMap(wrapper -> ((CompressedBlock) wrapper).host())
                .map(host -> ((WrappedPasses) host).session());
    }

    /**
     * Tells whether the session goes by the events of a listener: the last that joined, so that
     * whatever any gate waits for stands before it.
     *
     * @param listener the listener
     * @param by the trainer that it hears of; an abandoned one may still send some
     * @return whether it is to pass them on
     */
    public boolean isDrivenBy(TrainingListener listener, Trainer by) {
        return driver == listener && trainer == by;
    }

    /**
     * Tells whether the session is that of a trainer.
     *
     * @param other a trainer
     * @return whether it is its model that is compressed
     */
    public boolean isOf(Trainer other) {
        return trainer == other;
    }

    /**
     * Tells whether a training pass has been made.
     *
     * @return whether there is anything to lose
     */
    public boolean hasBegun() {
        return run.isPresent();
    }

    /**
     * Tells whether the training has ended.
     *
     * @return whether the model is the user's own again
     */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Returns what came of it.
     *
     * @return the result; empty before the end of the training, and where no pass was made
     */
    public Optional<SessionResult> result() {
        return result;
    }

    /**
     * Returns the gate's verdicts so far.
     *
     * @return one row per verdict, oldest first
     */
    public List<Trial> trials() {
        return run.map(CompressionRun::trials).orElse(List.of());
    }

    /**
     * Returns what stood accepted at the end of each epoch so far.
     *
     * @return one summary per judged epoch
     */
    public List<EpochSummary> epochs() {
        return run.map(CompressionRun::epochs).orElse(List.of());
    }

    /**
     * Gathers signals and has gradients changed: after the backward pass, before the step.
     *
     * @param batchData what the trainer tells of the batch
     */
    public void onTrainingBatch(BatchData batchData) {
        run.ifPresent(r -> r.onTrainingBatch(batchData));
    }

    /** Judges the epoch that ended, and decides on the next step. */
    public void onEpoch() {
        try {
            run.ifPresent(CompressionRun::onEpoch);
        } catch (UnaskedWeightException e) {
            run.ifPresent(CompressionRun::abort);
            run = Optional.empty();
            throw e;
        }
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
        closed = true;
        try {
            run.ifPresent(r -> r.close(ended -> result = Optional.of(ended)));
        } finally {
            trainer.getModel().setBlock(wrapper.root());
            wrapper.leave();
            run.ifPresent(CompressionRun::release);
            arrays.release();
        }
    }

    private CompressionRun begun(ParameterStore store, NDList inputs) {
        if (run.isEmpty()) {
            Block root = wrapper.root();
            if (!root.isInitialized()) {
                // its arrays belong to the model, and stay when the trainer is closed
                root.initialize(
                        trainer.getModel().getNDManager(), DataType.FLOAT32, inputs.getShapes());
            }
            CompressionRun begun = new CompressionRun(root, store, trainer, settings, manager);
            run = Optional.of(begun);
            begun.start(inputs);
        }
        return run.get();
    }

    /** The passes of the wrapper. */
    private final class WrappedPasses implements CompressedBlock.Host {

        CompressionSession session() {
            return CompressionSession.this;
        }

        @Override
        public Pass begin(ParameterStore store, NDList inputs, boolean training) {
            if (store.getManager() == trainer.getManager()) {
                if (training) {
                    return begun(store, inputs).begin(store, inputs, true);
                }
                return run.map(r -> r.begin(store, inputs, false))
                        .orElseGet(() -> new PlainPass(store));
            }
            return prediction(store, inputs);
        }

        private Pass prediction(ParameterStore store, NDList inputs) {
            Optional<CompressionRun> begun = run;
            if (begun.isEmpty() || !arrays.hold()) {
                return new PlainPass(store);
            }
            try {
                return new HeldPass(begun.get().beginPrediction(store, inputs), arrays::release);
            } catch (RuntimeException | Error e) {
                arrays.release();
                throw e;
            }
        }

        @Override
        public void save(DataOutputStream os) throws IOException {
            Optional<CompressionRun> begun = run;
            if (begun.isEmpty() || !arrays.hold()) {
                wrapper.root().saveParameters(os);
                return;
            }
            try {
                begun.get().save(os);
            } finally {
                arrays.release();
            }
        }
    }
}
