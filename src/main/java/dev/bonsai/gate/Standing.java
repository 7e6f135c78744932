package dev.bonsai.gate;

import java.util.List;
import java.util.Optional;

/** Where a {@link GateMachine} stands: what it is about, and the metrics that it remembers. */
final class Standing {

    private final List<Gate> gates;
    private Phase phase = new Phase.Dense();
    private Turns turns;
    private Reference reference;
    private Metrics baseline;
    private Optional<Metrics> start = Optional.empty();
    private Metrics kept;

    Standing(List<Gate> gates, Turns turns) {
        this.gates = gates;
        this.turns = turns;
    }

    /** Returns what is remembered; empty before the baseline was measured. */
    Optional<GateState.Marks> marks() {
        return hasBegun()
                ? Optional.of(new GateState.Marks(baseline, reference.best(), start, kept))
                : Optional.empty();
    }

    /** Goes on where another machine stood. */
    void resume(GateState stood) {
        phase = stood.phase();
        turns = turns.at(stood.turns());
        stood.marks()
                .ifPresent(
                        marks -> {
                            baseline = marks.baseline();
                            reference = new Reference(gates, marks.reference());
                            start = marks.start();
                            kept = marks.kept();
                        });
    }

    /** Takes the model as it is for what steps are judged against. */
    void begin(Metrics measured, Reference first) {
        baseline = measured;
        reference = first;
        keep(measured);
        rest();
    }

    boolean hasBegun() {
        return reference != null;
    }

    Phase phase() {
        return phase;
    }

    Turns turns() {
        return turns;
    }

    Reference reference() {
        return reference;
    }

    Metrics baseline() {
        return baseline;
    }

    /** Returns the metrics of the state from which the first step was tried. */
    Optional<Metrics> start() {
        return start;
    }

    /** Returns the metrics of the state to fall back to; null before the baseline. */
    Metrics kept() {
        return kept;
    }

    /** Remembers the state from which steps are tried, the first time. */
    void tryFromHere() {
        start = start.or(() -> Optional.of(kept));
    }

    /** Remembers the metrics of the state that is the one to fall back to from now on. */
    void keep(Metrics metrics) {
        kept = metrics;
        reference = reference.follow(metrics);
    }

    void accept(double level) {
        turns = turns.accept(level);
    }

    void onTrial(Tried tried) {
        phase = new Phase.OnTrial(tried.level(), tried.metrics(), 0);
    }

    /** For how many epoch ends in a row the model has not been within tolerance. */
    int epochsOutside() {
        if (phase instanceof Phase.OnTrial trial) {
            return trial.epochs();
        }
        return phase instanceof Phase.Drifted drifted ? drifted.epochs() : 0;
    }

    void outside(int epochs) {
        phase =
                phase instanceof Phase.OnTrial trial
                        ? new Phase.OnTrial(trial.level(), trial.tried(), epochs)
                        : new Phase.Drifted(epochs);
    }

    /** Has the next level lie below the one on trial, if there is one, and ends the trial. */
    void fail() {
        if (phase instanceof Phase.OnTrial trial) {
            turns = turns.fail(trial.level());
        }
        rest();
    }

    /** Goes on to the next technique. */
    void endTurn() {
        turns = turns.end();
        rest();
    }

    /** Ends whatever was under way. */
    void rest() {
        phase = turns.allDone() ? new Phase.Done() : new Phase.Idle();
    }
}
