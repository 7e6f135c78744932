package dev.bonsai.gate;

import dev.bonsai.text.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The epochs before anything is compressed, and the best state that the model had in them. */
final class DenseTraining {

    private static final Logger logger = LoggerFactory.getLogger(GateMachine.class);

    private static final String LONGER =
            "Train the model to the end before it is compressed, or have the warm-up end by itself"
                    + " with optWarmup(Warmup.untilPlateau(3, 50))";

    private final List<Gate> gates;
    private final Warmup warmup;
    private final Stage stage;
    private GateState.Dense course = new GateState.Dense(Optional.empty(), Optional.empty(), 0, 0);

    DenseTraining(List<Gate> gates, Warmup warmup, Stage stage) {
        this.gates = gates;
        this.warmup = warmup;
        this.stage = stage;
    }

    /** Returns the metrics of the best state; empty if none was measured. */
    Optional<Metrics> best() {
        return course.best();
    }

    GateState.Dense course() {
        return course;
    }

    /** Goes on where another warm-up stood. */
    void resume(GateState.Dense stood) {
        course = stood;
    }

    /** Judges an epoch where the warm-up goes by the metric, and tells whether it was the last. */
    boolean hasEndedAfter(int epoch) {
        course = new GateState.Dense(course.best(), course.reference(), course.bestEpoch(), epoch);
        if (warmup.goesByMetric()) {
            measure(epoch);
        }
        return warmup.hasEnded(epoch, epochsSinceBest());
    }

    /**
     * Measures the model, and keeps it if it is better than any before by one of the gates. With
     * several gates the last such state is the one to go on from.
     */
    void measure(int epoch) {
        Metrics metrics = stage.measure();
        logger.info(
                "epoch {}  warm-up  metric {}",
                epoch,
                Arrays.stream(metrics.values())
                        .mapToObj(Numbers::metric)
                        .collect(Collectors.joining(" ")));
        if (!metrics.areFinite()) {
            return;
        }
        Metrics now =
                course.reference()
                        .map(before -> new Reference(gates, before).follow(metrics))
                        .orElseGet(() -> Reference.of(gates, metrics))
                        .best();
        boolean better = !course.reference().equals(Optional.of(now));
        if (better) {
            stage.keep();
        }
        course =
                new GateState.Dense(
                        better ? Optional.of(metrics) : course.best(),
                        Optional.of(now),
                        better ? epoch : course.bestEpoch(),
                        course.epochs());
    }

    /** Judges what was trained after the last epoch end, where it can be measured. */
    void close(int epoch) {
        if (course.best().isPresent() && stage.isTrainedOn() && stage.canMeasureNow()) {
            measure(epoch);
        }
    }

    private int epochsSinceBest() {
        return course.best().isPresent() ? course.epochs() - course.bestEpoch() : 0;
    }

    /**
     * Says where compression began too early.
     *
     * @param start the metrics of the state from which the first step was tried
     * @param reference what states are judged against now
     */
    List<String> notes(Metrics start, Reference reference) {
        List<String> notes = new ArrayList<>();
        if (course.best().isPresent() && epochsSinceBest() == 0) {
            notes.add(
                    String.format(
                            Locale.ROOT,
                            "the warm-up ended after %d epochs while the model was still"
                                    + " improving. %s",
                            course.epochs(),
                            LONGER));
        }
        for (int i = 0; i < gates.size(); ++i) {
            if (reference.hasOutgrown(i, start)) {
                notes.add(
                        String.format(
                                Locale.ROOT,
                                "compression began while the model was still improving: %s was %s"
                                        + " then, and has been %s since. %s",
                                gates.get(i).getMetric().name(),
                                Numbers.metric(start.value(i)),
                                Numbers.metric(reference.best().value(i)),
                                LONGER));
            }
        }
        return notes;
    }
}
