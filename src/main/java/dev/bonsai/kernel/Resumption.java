package dev.bonsai.kernel;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.Trainer;
import dev.bonsai.checkpoint.CheckpointFolder;
import dev.bonsai.checkpoint.StateFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a run begins: with its first training pass, or behind the newest checkpoint of another. */
final class Resumption {

    private static final Logger logger = LoggerFactory.getLogger(Resumption.class);

    private Optional<StateFileReader> reader = Optional.empty();
    private Optional<RandomSource> first = Optional.empty();
    private Optional<RunPlace> place = Optional.empty();

    /** Tells whether the next pass is to begin the run. */
    boolean isUnderWay() {
        return reader.isPresent();
    }

    /** Goes on from the newest checkpoint, if there is one; the first time. */
    RunPlace resume(
            JoinedSettings settings,
            Trainer trainer,
            NDManager manager,
            Supplier<Optional<CompressionRun>> run) {
        if (place.isEmpty()) {
            if (run.get().isPresent()) {
                throw new IllegalStateException(
                        "The training has begun already: ask for the epochs that are left before"
                                + " the first training pass");
            }
            place = Optional.of(first(settings, trainer, manager, run));
        }
        return place.get();
    }

    private RunPlace first(
            JoinedSettings settings,
            Trainer trainer,
            NDManager manager,
            Supplier<Optional<CompressionRun>> run) {
        if (settings.checkpoint().isEmpty()) {
            throw new IllegalStateException(
                    "No listener of this trainer writes checkpoints: build it with"
                            + " CompressionListener.builder().optCheckpoint(checkpoint)");
        }
        CheckpointFolder folder = settings.checkpoint().get().folder();
        try (NDManager scratch = manager.newSubManager()) {
            reader = folder.newest();
            if (reader.isEmpty()) {
                first = Optional.of(RandomSource.of(manager.getEngine()));
                first.get().begin(manager.getEngine(), 0, 0);
                return new RunPlace(0, 0);
            }
            // the pass tells the store of the trainer's, which nothing else does
            trainer.evaluate(RunCheckpoint.inputs(reader.get(), scratch)).close();
            RunPlace found = run.get().map(r -> r.checkpoints().place()).orElseThrow();
            logger.info(
                    "Going on after epoch {}{} from the checkpoints in {}",
                    found.epochs(),
                    found.batches() > 0 ? " and " + found.batches() + " batches" : "",
                    folder.folder());
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The checkpoints in " + folder.folder() + " can't be read: " + e.getMessage(),
                    e);
        } finally {
            close();
        }
    }

    private void close() {
        Optional<StateFileReader> open = reader;
        reader = Optional.empty();
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Has a run go on from its checkpoint, or checks that one that begins can be written down.
     *
     * @param inputs the input of its first pass
     * @return whether it goes on; else it is to be started
     * @throws RuntimeException if it can't; the weights are as they were
     */
    boolean resumes(CompressionRun run, NDList inputs, JoinedSettings settings) {
        if (reader.isPresent()) {
            try {
                run.resume(reader.get(), inputs);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return true;
        }
        if (settings.checkpoint().isPresent() && place.isEmpty()) {
            throw new IllegalStateException(
                    "A training with checkpoints asks them how many epochs are left, so that it can"
                            + " go on: train for checkpoint.epochsLeft(trainer, epochs) in place of"
                            + " epochs, as in EasyTrain.fit(trainer, checkpoint.epochsLeft(trainer,"
                            + " 40), training, validation)");
        }
        first.ifPresent(run.checkpoints()::start);
        return false;
    }
}
