package dev.bonsai.gate;

import dev.bonsai.core.Levels;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The record of a {@link GateMachine}: one row per verdict. */
final class TrialLog {

    private static final Logger logger = LoggerFactory.getLogger(GateMachine.class);

    private final List<Trial> trials = new ArrayList<>();

    List<Trial> trials() {
        return List.copyOf(trials);
    }

    /** Adds a row about the model as it is. */
    void add(int epoch, Reference reference, double[] metrics, Verdict verdict) {
        add(epoch, "model", "-", "-", reference, 0, metrics, verdict);
    }

    /** Adds a row about a technique at a level. */
    void add(
            int epoch,
            JudgedTechnique technique,
            double asked,
            double got,
            Reference reference,
            double[] metrics,
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
            double[] metrics,
            Verdict verdict) {
        Trial trial =
                new Trial(
                        epoch,
                        name,
                        asked,
                        got,
                        metrics[gate],
                        reference.metrics()[gate],
                        reference.drop(gate, metrics),
                        verdict);
        logger.info("{}", trial);
        trials.add(trial);
    }
}
