package dev.bonsai.gate;

import dev.bonsai.core.Levels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The record of a {@link GateMachine}: one row per verdict. */
final class TrialLog {

    private static final Logger logger = LoggerFactory.getLogger(GateMachine.class);

    private final Consumer<Trial> listener;
    private volatile List<Trial> trials = List.of(); // other threads look at it
    private Optional<Throwable> failure = Optional.empty();

    /**
     * @param listener told each row
     */
    TrialLog(Consumer<Trial> listener) {
        this.listener = listener;
    }

    /** Goes on behind rows that were told before. */
    void resume(List<Trial> earlier) {
        trials = List.copyOf(earlier);
    }

    /** Says what went wrong where rows were told. */
    List<String> notes() {
        return failure.stream()
                .map(
                        e ->
                                "a listener that was told of the gate's trials threw "
                                        + e
                                        + ": the training went on; mend the consumer that was"
                                        + " handed to optOnTrial")
                .toList();
    }

    List<Trial> trials() {
        return trials;
    }

    /** Adds a row about the model as it is. */
    void add(int epoch, Reference reference, Metrics metrics, Verdict verdict) {
        add(epoch, "model", "-", "-", reference, 0, metrics, verdict);
    }

    /** Adds a row about a technique at a level. */
    void add(
            int epoch,
            JudgedTechnique technique,
            double asked,
            double got,
            Reference reference,
            Metrics metrics,
            Verdict verdict) {
        Levels levels = technique.levels();
        add(
                epoch,
                technique.name(),
                levels.format(asked),
                levels.format(got),
                reference,
                technique.gate(),
                metrics,
                verdict);
    }

    private void add(
            int epoch,
            String name,
            String asked,
            String got,
            Reference reference,
            int gate,
            Metrics metrics,
            Verdict verdict) {
        Trial trial =
                new Trial(
                        epoch,
                        name,
                        asked,
                        got,
                        metrics.value(gate),
                        reference.best().value(gate),
                        reference.drop(gate, metrics),
                        reference.standardError(gate, metrics),
                        verdict);
        logger.info("{}", trial);
        List<Trial> all = new ArrayList<>(trials);
        all.add(trial);
        trials = List.copyOf(all);
        try {
            listener.accept(trial);
        } catch (RuntimeException | Error e) { // the row is told before the step is taken
            logger.warn("What listens to the gate's trials has failed", e);
            failure = failure.or(() -> Optional.of(e));
        }
    }
}
