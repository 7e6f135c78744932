package dev.bonsai.kernel;

import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListener.BatchData;
import dev.bonsai.gate.Trial;
import dev.bonsai.report.EpochSummary;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The compression of one trainer's model, in which one or several listeners take part: it passes on
 * what happens, and is left with plain values in the end.
 */
public final class CompressionSession {

    /** Everything of the trainer; empty once the training has ended, so that none of it is kept. */
    private volatile Optional<WrappedModel> wrapped;

    private Optional<TrainingListener> driver = Optional.empty();
    private volatile Optional<SessionResult> result = Optional.empty();

    private CompressionSession(Trainer trainer, TrainingListener listener) {
        wrapped = Optional.of(new WrappedModel(this, trainer, listener.getClass()));
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
                            .orElseGet(() -> new CompressionSession(trainer, listener));
            session.wrapped.orElseThrow().add(settings);
            session.driver = Optional.of(listener);
            return session;
        } catch (RuntimeException e) {
            // There will be no trainer that could be closed.
            of(block).filter(s -> s.isOf(trainer)).ifPresent(CompressionSession::close);
            throw e;
        }
    }

    private static void check(Trainer trainer, Settings settings) {
        if (settings.warmup().leastEpochs() == 0 && !settings.gate().getMetric().isAtWill()) {
            throw new IllegalStateException(
                    "Without warm-up the baseline is measured before the first step, which needs"
                            + " a gate with data of its own: call"
                            + " Gate.builder().optEvaluation(dataset, evaluator), or optWarmup(1)");
        }
        if (trainer.getDevices().length > 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Bonsai compresses on one device, but the trainer has %d: use"
                                    + " config.optDevices(new Device[] {Device.gpu()}) or"
                                    + " Device.cpu()",
                            trainer.getDevices().length));
        }
    }

    /** Returns the session of the listeners before this one; empty if it is a dead trainer's. */
    private static Optional<CompressionSession> joinable(
            CompressionSession found, Trainer trainer) {
        if (found.isOf(trainer)) {
            return Optional.of(found);
        }
        if (found.hasBegun()) {
            throw new IllegalStateException(
                    "The model is still being compressed by an earlier trainer: close that one"
                            + " first. If its close() has failed, or it is lost, call close() of"
                            + " the CompressionListener that it was built with");
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
    public static Optional<CompressionSession> of(@Nullable Block block) {
        return Optional.ofNullable(block)
                .filter(CompressedBlock.class::isInstance)
                .flatMap(wrapper -> ((CompressedBlock) wrapper).host())
                .map(host -> (CompressionSession) host.owner());
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
        return driver.filter(d -> d == listener).isPresent() && isOf(by);
    }

    /**
     * Tells whether the session is that of a trainer.
     *
     * @param other a trainer
     * @return whether it is its model that is compressed
     */
    public boolean isOf(Trainer other) {
        return wrapped.filter(w -> w.trainer() == other).isPresent();
    }

    /**
     * Tells whether a training pass has been made, and the training has not ended.
     *
     * @return whether there is anything to lose
     */
    public boolean hasBegun() {
        return wrapped.flatMap(WrappedModel::run).isPresent();
    }

    /**
     * Tells whether the training has ended.
     *
     * @return whether the model is the user's own again
     */
    public boolean isClosed() {
        return wrapped.isEmpty();
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
        return wrapped.flatMap(WrappedModel::run).map(CompressionRun::trials).orElse(List.of());
    }

    /**
     * Returns what stood accepted at the end of each epoch so far.
     *
     * @return one summary per judged epoch
     */
    public List<EpochSummary> epochs() {
        return wrapped.flatMap(WrappedModel::run).map(CompressionRun::epochs).orElse(List.of());
    }

    /**
     * Gathers signals and has gradients changed: after the backward pass, before the step.
     *
     * @param batchData what the trainer tells of the batch
     */
    public void onTrainingBatch(BatchData batchData) {
        wrapped.flatMap(WrappedModel::run).ifPresent(r -> r.onTrainingBatch(batchData));
    }

    /** Judges the epoch that ended, and decides on the next step. */
    public void onEpoch() {
        wrapped.ifPresent(WrappedModel::onEpoch);
    }

    /**
     * Judges or undoes what is under way, makes the accepted weights permanent, and unwraps.
     *
     * <p>The last state may fail to be judged, for want of data, say. The accepted one is made
     * permanent all the same, with a report, before that is thrown.
     */
    public void close() {
        Optional<WrappedModel> ended = wrapped;
        wrapped = Optional.empty();
        driver = Optional.empty();
        ended.ifPresent(w -> w.close(r -> result = Optional.of(r)));
    }

    /**
     * Has the run go on from its newest checkpoint, if there is one. To be called before the first
     * training pass, when the trainer's parameters are initialised.
     *
     * @return the number of epochs that it has behind it
     * @throws IllegalStateException if the training has begun, or the checkpoint is of another run
     */
    public int resume() {
        return wrapped.orElseThrow().resume().epochs();
    }

    /**
     * Returns how many batches of the next epoch the run has behind it.
     *
     * @return the number of batches; 0 where it goes on behind an epoch's end
     */
    public long batchesBehind() {
        return wrapped.orElseThrow().run().map(r -> r.checkpoints().place().batches()).orElse(0L);
    }

    /** Says that the batches behind the run have been passed over. */
    public void passedOver() {
        wrapped.orElseThrow().run().ifPresent(r -> r.checkpoints().begin());
    }

    /**
     * Ends this session for another to begin, if its own trainer never came to be.
     *
     * @param trainer the trainer of the next session
     * @throws IllegalStateException if it is at work, or is of the same trainer
     */
    public void endFor(Trainer trainer) {
        if (isOf(trainer)) {
            close();
            throw new IllegalStateException(
                    "The CompressionListener was added twice to one trainer: add it once, or build"
                            + " a listener for each set of techniques");
        }
        if (hasBegun()) {
            throw new IllegalStateException(
                    "This CompressionListener is still at work on another trainer: close that one"
                            + " first, or build a listener for each. If its close() has failed, or"
                            + " it is lost, call close() of this listener");
        }
        close();
    }
}
