package dev.bonsai.kernel;

import ai.djl.engine.Engine;
import dev.bonsai.checkpoint.StateFileReader;
import dev.bonsai.core.Technique;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** When a run is written down, and how its random numbers begin anew there. */
final class Checkpoints {

    private final RunCheckpoint run;
    private final Engine engine;
    private Optional<RandomSource> random = Optional.empty();

    Checkpoints(RunCheckpoint run, Engine engine) {
        this.run = run;
        this.engine = engine;
    }

    /** Called between two training passes, behind what follows a step. */
    void afterStep() {
        Optional<CheckpointSettings> where = run.settings().checkpoint();
        if (where.isPresent() && where.get().everySteps().isPresent()) {
            int every = where.get().everySteps().getAsInt();
            if (run.counts().isDue(every, run.parts().steps().steps())) {
                write();
            }
        }
    }

    /** Called at the end of an epoch, when it has been judged. */
    void onEpoch() {
        run.settings().checkpoint().ifPresent(where -> write());
    }

    private void write() {
        run.write(random.orElseThrow());
        begin();
    }

    /**
     * Begins a run that is to be written down.
     *
     * @param source where the random numbers come from
     * @throws IllegalArgumentException if a technique can't be written down
     */
    void start(RandomSource source) {
        random = Optional.of(source);
        for (Technique technique : run.settings().techniques()) {
            if (technique.getStateTypes().isEmpty()) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "The technique '%s' can't be written down, and a training with"
                                        + " checkpoints must be: have %s override getStateTypes"
                                        + " and restore, and its transforms getState, or leave out"
                                        + " optCheckpoint",
                                technique.getName(),
                                technique.getClass().getName()));
            }
        }
    }

    /**
     * Goes on where the run that has written a checkpoint was; the order of the next epoch's data
     * is drawn as it was there.
     *
     * @throws IllegalStateException if it was another run; the weights are as they were
     */
    void resume(StateFileReader reader) throws IOException {
        boolean resumed = false;
        try (LatentSnapshot before = run.snapshot()) {
            try {
                random = Optional.of(run.resume(reader));
                run.clock().time(this::checkData);
                resumed = true;
            } finally {
                if (!resumed) {
                    before.restore();
                }
            }
        }
        random.get().begin(engine, run.counts().epoch(), 0);
    }

    /** Checks that the gates' data is that of the run before. */
    private void checkData() {
        if (run.machine().hasBegun() && run.states().canMeasureNow()) {
            run.machine().checkData(run.states().measure());
        }
    }

    RunPlace place() {
        return new RunPlace(run.counts().epoch(), run.counts().batchesOfEpoch());
    }

    /** Begins the random numbers anew, behind the batches that the run has seen. */
    void begin() {
        random.ifPresent(
                source ->
                        source.begin(engine, run.counts().epoch(), run.counts().batchesOfEpoch()));
    }
}
