package dev.bonsai;

import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import ai.djl.util.Progress;
import dev.bonsai.checkpoint.CheckpointFolder;
import dev.bonsai.checkpoint.ResumableOptimizer;
import dev.bonsai.kernel.CheckpointSettings;
import dev.bonsai.kernel.CompressionSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;

/**
 * Has a compressing training survive the end of its process: at each epoch's end everything that it
 * needs to go on is written into a folder, and the same program, started again with the same
 * folder, goes on after what was written last.
 *
 * <pre>{@code
 * ResumableOptimizer optimizer = ResumableOptimizer.of(Optimizer.adam().build());
 * Checkpoint checkpoint = Checkpoint.in(Path.of("checkpoints")).withOptimizer(optimizer);
 * CompressionListener listener = CompressionListener.builder()
 *         .addTechnique(Pruning.builder().setTargetSparsity(0.9f).build())
 *         .optCheckpoint(checkpoint)
 *         .build();
 * config.optOptimizer(optimizer).addTrainingListeners(listener);
 * try (Trainer trainer = model.newTrainer(config)) {
 *     trainer.initialize(new Shape(1, 1, 28, 28));
 *     EasyTrain.fit(trainer, checkpoint.epochsLeft(trainer, 40), training, validation);
 * }
 * }</pre>
 *
 * <p>Written are the latent weights, what each technique has decided and learned, the gate with its
 * record, what was gathered for criteria, the counts, and the state of an optimizer that is a
 * {@link ResumableOptimizer}; any other begins anew. A file is written whole or not at all, has a
 * checksum, and the last two are kept.
 *
 * <p>A run that is killed and started again ends with the same file, bit for bit, as one that is
 * not, on the same kind of processor with the same number of threads, provided that the program
 * does the same each time: the random numbers of DJL and of its engine are begun anew at each
 * checkpoint, in both. A data set with random numbers of its own must go by {@link #epochsLeft}
 * itself. Another model, other settings and other evaluation data are refused, and the difference
 * is named.
 */
public final class Checkpoint {

    private final CheckpointFolder folder;
    private final OptionalInt everySteps;
    private final Optional<ResumableOptimizer> optimizer;

    private Checkpoint(
            CheckpointFolder folder,
            OptionalInt everySteps,
            Optional<ResumableOptimizer> optimizer) {
        this.folder = folder;
        this.everySteps = everySteps;
        this.optimizer = optimizer;
    }

    /**
     * Writes a checkpoint at each epoch's end.
     *
     * @param folder where they are, and nothing else; it is made if there is none
     * @return the checkpoints
     */
    public static Checkpoint in(Path folder) {
        return new Checkpoint(
                new CheckpointFolder(Objects.requireNonNull(folder, "folder")),
                OptionalInt.empty(),
                Optional.empty());
    }

    /**
     * Writes one within epochs too, for epochs that take long. The training data is to be wrapped
     * by {@link #rest} then.
     *
     * @param steps after how many training steps, at least 1
     * @return such checkpoints
     */
    public Checkpoint everySteps(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException(
                    "A checkpoint is written every 1 or more steps, but got " + steps);
        }
        return new Checkpoint(folder, OptionalInt.of(steps), optimizer);
    }

    /**
     * Writes down the state of the optimizer too.
     *
     * @param resumable the optimizer of the training's configuration
     * @return such checkpoints
     */
    public Checkpoint withOptimizer(ResumableOptimizer resumable) {
        return new Checkpoint(folder, everySteps, Optional.of(resumable));
    }

    CheckpointSettings settings() {
        return new CheckpointSettings(folder, everySteps, optimizer);
    }

    /**
     * Goes on from the newest checkpoint, if there is one, and says so in the log. To be called
     * once the trainer is initialised, right before the training: a training with checkpoints does
     * not begin without.
     *
     * @param trainer the trainer that the listener with these checkpoints was added to
     * @param epochs the epochs of the whole training
     * @return the epochs that are left; all of them without a checkpoint
     * @throws IllegalStateException if the training has begun, or the checkpoint is of another run:
     *     the message names the difference
     */
    public int epochsLeft(Trainer trainer, int epochs) {
        return Math.max(0, epochs - session(trainer).resume());
    }

    /**
     * Returns training data without the batches that a run that is resumed has seen of its epoch:
     * in the first epoch they are read and passed over.
     *
     * <p>To be called after {@link #epochsLeft}, as the next argument is. A loop of one's own tells
     * the listeners once of each batch of this data, as DJL's does: where it tells of parts of a
     * batch, the next batch is refused by an {@link IllegalStateException}, since nobody could say
     * where to go on.
     *
     * @param trainer the trainer
     * @param training the data, which gives the same batches by the same random numbers
     * @return the data to train on
     */
    public Dataset rest(Trainer trainer, Dataset training) {
        CompressionSession session = session(trainer);
        return new Rest(training, session, everySteps.isPresent());
    }

    private static CompressionSession session(Trainer trainer) {
        return CompressionSession.of(trainer.getModel().getBlock())
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "No CompressionListener is at work on this trainer: add one"
                                                + " with optCheckpoint to its configuration, and"
                                                + " ask before it is closed"));
    }

    /** A data set of whose first reading some batches are passed over. */
    private static final class Rest implements Dataset {

        private final Dataset whole;
        private final CompressionSession session;
        private final boolean counts;
        private long behind;

        Rest(Dataset whole, CompressionSession session, boolean counts) {
            this.whole = whole;
            this.session = session;
            this.counts = counts;
            behind = session.batchesBehind();
        }

        @Override
        public Iterable<Batch> getData(NDManager manager) throws IOException, TranslateException {
            return passed(whole.getData(manager));
        }

        @Override
        public Iterable<Batch> getData(NDManager manager, ExecutorService executor)
                throws IOException, TranslateException {
            return passed(whole.getData(manager, executor));
        }

        private Iterable<Batch> passed(Iterable<Batch> all) {
            if (behind == 0) {
                return counts ? () -> new Counted(all.iterator(), session, 0) : all;
            }
            Iterator<Batch> batches = all.iterator();
            long passed = 0;
            for (; passed < behind && batches.hasNext(); ++passed) {
                batches.next().close();
            }
            behind = 0;
            session.passedOver();
            Iterator<Batch> rest = new Counted(batches, session, passed);
            return () -> rest;
        }

        @Override
        public void prepare(Progress progress) throws IOException, TranslateException {
            whole.prepare(progress);
        }
    }

    /** Batches of which each is told of once: a checkpoint counts what was told of. */
    private static final class Counted implements Iterator<Batch> {

        private final Iterator<Batch> batches;
        private final CompressionSession session;
        private long given;

        Counted(Iterator<Batch> batches, CompressionSession session, long given) {
            this.batches = batches;
            this.session = session;
            this.given = given;
        }

        @Override
        public boolean hasNext() {
            return batches.hasNext();
        }

        @Override
        public Batch next() {
            long told = session.batchesBehind();
            if (told > given) {
                throw new IllegalStateException(
                        String.format(
                                Locale.ROOT,
                                "A checkpoint within an epoch counts the batches that listeners"
                                        + " are told of, expected at most %d of them by now, but"
                                        + " they were told of %d: tell of each batch of the"
                                        + " training data once, whatever it is divided into, or"
                                        + " leave out everySteps",
                                given,
                                told));
            }
            ++given;
            return batches.next();
        }
    }
}
