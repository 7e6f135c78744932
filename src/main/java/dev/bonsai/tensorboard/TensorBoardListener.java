package dev.bonsai.tensorboard;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.tracker.Tracker;
import dev.bonsai.CompressionListener;
import dev.bonsai.library.OptionalLibrary;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Writes an event file that TensorBoard shows: losses, metrics, histograms of the weights, and what
 * a compression does.
 *
 * <pre>{@code
 * config.addTrainingListeners(TrainingListener.Defaults.logging())
 *       .addTrainingListeners(listener)
 *       .addTrainingListeners(TensorBoardListener.builder()
 *               .setFolder(Path.of("runs", "lenet"))
 *               .optCompression(listener)
 *               .optHistogramsEvery(5)
 *               .build());
 * }</pre>
 *
 * <p>Steps are the number of epochs trained, and of batches for tags that begin with {@code
 * batch/}. Each training begins a file of its own, whose name is new. What an epoch has given is in
 * the file when the epoch has ended; a process that is killed leaves a file that can be read up to
 * there.
 *
 * <p>Histograms show the values that the optimizer moves, of all parameters and in any number type.
 * With a compression there is one more at the end of the training, of the values that are left
 * then: its tags begin with {@code baked/}. Values that are NaN or infinite are not in a histogram:
 * their number is a scalar whose tag begins with {@code not finite/}.
 *
 * <p>It needs {@code com.google.protobuf:protobuf-java} on the class path, which Bonsai does not
 * bring along. A listener serves one trainer at a time. A file that can't be written fails the
 * training with an {@link java.io.UncheckedIOException} that tells why.
 */
public final class TensorBoardListener extends TrainingListenerAdapter implements AutoCloseable {

    private final LogSettings settings;
    private Optional<TrainingLog> log = Optional.empty();

    private TensorBoardListener(LogSettings settings) {
        this.settings = settings;
    }

    /**
     * Starts a listener.
     *
     * @return a builder without a folder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Begins a file.
     *
     * @throws IllegalStateException if the listeners that this one goes by don't stand before it
     */
    @Override
    public void onTrainingBegin(Trainer trainer) {
        close();
        log = Optional.of(new TrainingLog(trainer, settings, this));
    }

    @Override
    public void onTrainingBatch(Trainer trainer, TrainingListener.BatchData batchData) {
        logOf(trainer).ifPresent(TrainingLog::onTrainingBatch);
    }

    @Override
    public void onValidationBatch(Trainer trainer, TrainingListener.BatchData batchData) {
        logOf(trainer).ifPresent(TrainingLog::onValidationBatch);
    }

    @Override
    public void onEpoch(Trainer trainer) {
        logOf(trainer).ifPresent(TrainingLog::onEpoch);
    }

    @Override
    public void onTrainingEnd(Trainer trainer) {
        Optional<TrainingLog> ended = logOf(trainer);
        if (ended.isPresent()) {
            try {
                ended.get().onTrainingEnd();
            } finally {
                close();
            }
        }
    }

    /**
     * Ends the file where the end of the training did not reach this listener, as when another
     * listener throws before it. Closing the trainer does this, too, and is all that is needed as a
     * rule. Does nothing the second time.
     */
    @Override
    public void close() {
        Optional<TrainingLog> ended = log;
        log = Optional.empty();
        ended.ifPresent(TrainingLog::close);
    }

    /** An abandoned trainer may still send events. */
    private Optional<TrainingLog> logOf(Trainer trainer) {
        return log.filter(l -> l.isOf(trainer));
    }

    /** Collects the settings of a {@link TensorBoardListener}. */
    public static final class Builder {

        private Path folder;
        private Interval interval = Interval.EPOCH;
        private OptionalInt histogramsEvery = OptionalInt.empty();
        private Optional<CompressionListener> compression = Optional.empty();
        private Optional<Tracker> learningRate = Optional.empty();

        private Builder() {}

        /**
         * Sets the folder of the event file: one per training, below the folder that TensorBoard is
         * started with.
         *
         * @param folder the folder, which is made if need be
         * @return this builder
         */
        public Builder setFolder(Path folder) {
            this.folder = Objects.requireNonNull(folder, "folder");
            return this;
        }

        /**
         * Sets how often the losses and metrics of the training are written (default {@link
         * Interval#EPOCH}).
         *
         * @param interval how often
         * @return this builder
         */
        public Builder optInterval(Interval interval) {
            this.interval = Objects.requireNonNull(interval, "interval");
            return this;
        }

        /**
         * Has histograms of all parameters written (default none). One of a hundred million weights
         * takes some seconds, and as little memory as one of a thousand.
         *
         * @param epochs every how many epochs, 1 or more
         * @return this builder
         */
        public Builder optHistogramsEvery(int epochs) {
            if (epochs < 1) {
                throw new IllegalArgumentException(
                        "Histograms are written every 1 or more epochs, but got "
                                + epochs
                                + ": leave optHistogramsEvery out for none");
            }
            histogramsEvery = OptionalInt.of(epochs);
            return this;
        }

        /**
         * Has the progress of a compression written: sparsity, bits and metric of the accepted
         * state per epoch, each trial of the gate, and the report at the end.
         *
         * @param listener the listener, which is added to the same trainer before this one
         * @return this builder
         */
        public Builder optCompression(CompressionListener listener) {
            compression = Optional.of(listener);
            return this;
        }

        /**
         * Has the learning rate written, which DJL does not tell of an optimizer. It is asked for
         * at the number of batches so far, so it is only right where each batch is a step.
         *
         * @param tracker the tracker that the optimizer was built with
         * @return this builder
         */
        public Builder optLearningRate(Tracker tracker) {
            learningRate = Optional.of(tracker);
            return this;
        }

        /**
         * Builds the listener.
         *
         * @return the listener
         * @throws IllegalArgumentException if no folder is set
         * @throws IllegalStateException if protobuf is not on the class path
         */
        public TensorBoardListener build() {
            OptionalLibrary.PROTOBUF.need();
            if (folder == null) {
                throw new IllegalArgumentException(
                        "A TensorBoardListener needs a folder: call"
                                + " setFolder(Path.of(\"runs\", \"first\")), for example");
            }
            return new TensorBoardListener(
                    new LogSettings(folder, interval, histogramsEvery, compression, learningRate));
        }
    }
}
