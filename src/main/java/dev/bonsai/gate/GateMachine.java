package dev.bonsai.gate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * The state machine that takes techniques, one after the other, from level to level: try, recover,
 * accept, roll back and make the step smaller, done.
 *
 * <p>A state is accepted only if every gate accepts it. Between two trials the accepted state
 * trains on; when that takes it out of tolerance for longer than a recovery lasts, it is rolled
 * back too.
 *
 * <p>States are judged against the best metric that an accepted state has had. A model that still
 * learns while it is compressed thus gives nothing back that it has learned. The best of many
 * measurements on the same data is a little too good by chance, so that the gate is a little
 * stricter than its tolerance says: by about the spread of the metric from epoch to epoch.
 */
public final class GateMachine {

    private final List<Gate> gates;
    private final Turns turns;
    private final EarlierRun earlier;
    private final Stage stage;
    private final DenseTraining dense;
    private final TrialLog log = new TrialLog();
    private Reference reference;
    private double[] baseline;
    private double[] start;
    private double[] kept;
    private int epochsOutside;
    private Optional<Tried> onTrial = Optional.empty();

    /**
     * Constructs a machine in front of its first measurement.
     *
     * @param gates the gates, at least one
     * @param techniques the techniques in the order in which they are applied
     * @param warmup how long the model is trained as it is
     * @param earlier how far an earlier training has taken the model
     * @param stage the model
     */
    public GateMachine(
            List<Gate> gates,
            List<JudgedTechnique> techniques,
            Warmup warmup,
            EarlierRun earlier,
            Stage stage) {
        this.earlier = earlier;
        this.gates = List.copyOf(gates);
        this.stage = stage;
        dense = new DenseTraining(this.gates, warmup, stage);
        turns = new Turns(techniques, earlier);
    }

    /**
     * Tells whether the epoch that ended is to be judged by {@link #onEpoch}, or belongs to the
     * warm-up. To be asked once at the end of each epoch; where the warm-up goes by the metric, the
     * model is measured, and kept if it is the best so far.
     *
     * @param epoch the number of epochs trained so far
     * @return whether the warm-up has ended
     */
    public boolean isWarmedUp(int epoch) {
        return hasBegun() || dense.hasEndedAfter(epoch);
    }

    /**
     * Measures the baseline, and keeps the model as the first state to fall back to. After a
     * warm-up that went by the metric the model goes back to its best state.
     *
     * @param epoch the number of epochs trained so far
     * @throws IllegalStateException if a metric is not finite
     */
    public void begin(int epoch) {
        if (dense.best().isPresent() && stage.isTrainedOn()) {
            stage.rollBack();
        }
        double[] metrics = dense.best().orElseGet(stage::measure);
        reference = Reference.of(gates, metrics).follow(earlier.references(gates));
        baseline = metrics.clone();
        keep(metrics);
        log.add(epoch, reference, metrics, Verdict.BASELINE);
    }

    /**
     * Judges the epoch that ended and decides on the next step.
     *
     * @param epoch the number of epochs trained so far
     */
    public void onEpoch(int epoch) {
        if (!hasBegun()) {
            begin(epoch);
        } else if (!judge(epoch, stage.measure())) {
            return;
        }
        if (reference.accepts(kept)) {
            tryNext(epoch);
        }
    }

    /**
     * Ends the training: what is not accepted is judged or undone, and each technique that has not
     * reached its target is taken as far as it goes without further training.
     *
     * @param epoch the number of epochs trained so far
     */
    public void close(int epoch) {
        if (!hasBegun()) {
            dense.close(epoch);
            begin(epoch);
        } else if (stage.isTrainedOn() || onTrial.isPresent()) {
            settle(epoch);
        }
        if (stage.canMeasureNow()) {
            while (!turns.allDone()) {
                goAsFarAsPossible(epoch);
            }
        }
    }

    /** Takes the model back to the last accepted state, whatever is under way. */
    public void abandon() {
        onTrial = Optional.empty();
        stage.rollBack();
    }

    /**
     * Tells whether the baseline has been measured.
     *
     * @return whether there is a state to fall back to
     */
    public boolean hasBegun() {
        return reference != null;
    }

    /**
     * Returns the record so far.
     *
     * @return one row per verdict, oldest first
     */
    public List<Trial> trials() {
        return log.trials();
    }

    /**
     * Tells whether {@link #close} can be called.
     *
     * @return whether there is a state to fall back to, or one can be measured now
     */
    public boolean canClose() {
        return hasBegun() || dense.best().isPresent() || stage.canMeasureNow();
    }

    /**
     * Returns what is to be said about the record as a whole.
     *
     * @return one sentence per note, with what to do
     */
    public List<String> notes() {
        return start == null ? List.of() : dense.notes(start, reference);
    }

    /**
     * Returns the baseline: the metrics of the model before anything was changed.
     *
     * @return one metric per gate
     * @throws NullPointerException if nothing was measured yet
     */
    public double[] baseline() {
        return baseline.clone();
    }

    /** Returns the best metrics that accepted states have had so far, one per gate. */
    public double[] reference() {
        return reference.metrics();
    }

    /**
     * Returns the metrics of the state to fall back to.
     *
     * @return one metric per gate; NaN if there is none yet
     */
    public double[] kept() {
        return kept == null ? dense.best().orElseGet(this::unknown) : kept.clone();
    }

    /**
     * Returns how far the model has come, for a later training to go on from.
     *
     * @return the references, and the accepted levels
     * @throws NullPointerException if nothing was measured yet
     */
    public EarlierRun progress() {
        return new EarlierRun(reference.byName(), turns.acceptedByName());
    }

    /**
     * Returns how far a technique has come.
     *
     * @param technique the index of the technique
     * @return the accepted level
     */
    public double accepted(int technique) {
        return turns.accepted(technique);
    }

    /** Returns whether a new step may be tried now. */
    private boolean judge(int epoch, double[] metrics) {
        if (reference.accepts(metrics)) {
            epochsOutside = 0;
            if (onTrial.isPresent()) {
                accept(epoch, metrics);
            } else if (!turns.allDone() || Reference.isAtLeastAsGood(gates, metrics, kept)) {
                keep(metrics);
            }
            return true;
        }
        if (onTrial.isEmpty() && Reference.isAtLeastAsGood(gates, metrics, kept)) {
            keep(metrics); // the floor lies above the baseline: the model is still getting there
            epochsOutside = 0;
            return false;
        }
        ++epochsOutside;
        if (epochsOutside < recoveryEpochs()) {
            addState(epoch, metrics, Verdict.RECOVERING);
            return false;
        }
        rollBack(epoch, metrics);
        return true;
    }

    private void settle(int epoch) {
        if (!stage.isTrainedOn()) {
            rollBack(epoch, onTrial.orElseThrow().metrics()); // no step was trained on it
        } else if (stage.canMeasureNow()) {
            settle(epoch, stage.measure());
        } else if (onTrial.isPresent()) {
            rollBack(epoch, unknown());
        } else {
            stage.rollBack();
        }
    }

    private void settle(int epoch, double[] metrics) {
        if (onTrial.isPresent() && reference.accepts(metrics)) {
            accept(epoch, metrics);
        } else if (onTrial.isEmpty() && Reference.isAtLeastAsGood(gates, metrics, kept)) {
            keep(metrics);
        } else if (onTrial.isEmpty() && reference.accepts(metrics)) {
            stage.rollBack();
        } else {
            rollBack(epoch, metrics);
        }
    }

    private void accept(int epoch, double[] metrics) {
        turns.accept(onTrial.orElseThrow().level());
        addState(epoch, metrics, Verdict.ACCEPTED);
        onTrial = Optional.empty();
        keep(metrics);
    }

    private void rollBack(int epoch, double[] metrics) {
        addState(epoch, metrics, Verdict.ROLLED_BACK);
        if (onTrial.isPresent()) {
            turns.fail(onTrial.get().level());
            onTrial = Optional.empty();
        }
        epochsOutside = 0;
        stage.rollBack();
    }

    private void tryNext(int epoch) {
        start = start == null ? kept : start;
        while (!turns.allDone()) {
            OptionalDouble asked = turns.nextLevel();
            if (asked.isPresent() && tryLevel(epoch, asked.getAsDouble())) {
                return;
            }
            finish(epoch);
        }
    }

    /** Returns false if no step at all, however small, is worth a trial. */
    private boolean tryLevel(int epoch, double asked) {
        Optional<double[]> metrics = stage.tryOut(turns.index(), asked);
        if (metrics.isEmpty()) {
            startTrial(epoch, asked, asked, unknown());
            return true;
        }
        if (reference.accepts(metrics.get())) {
            adopt(epoch, asked, asked, metrics.get());
            return true;
        }
        boolean recovers = recoveryEpochs() > 0;
        if (recovers && reference.withinShock(metrics.get())) {
            startTrial(epoch, asked, asked, metrics.get());
            return true;
        }
        Optional<Tried> best =
                bisect(asked, recovers ? reference::withinShock : reference::accepts);
        if (best.isEmpty()) {
            add(epoch, asked, turns.accepted(), metrics.get(), Verdict.REFUSED);
            return false;
        }
        if (reference.accepts(best.get().metrics())) {
            adopt(epoch, asked, best.get().level(), best.get().metrics());
        } else {
            startTrial(epoch, asked, best.get().level(), best.get().metrics());
        }
        return true;
    }

    private void goAsFarAsPossible(int epoch) {
        double target = turns.levels().target();
        if (turns.levels().next(turns.accepted()).isPresent()) {
            stage.tryOut(turns.index(), target)
                    .ifPresent(metrics -> goTowards(target, metrics, epoch));
        }
        finish(epoch);
    }

    private void goTowards(double target, double[] metrics, int epoch) {
        Optional<Tried> best =
                reference.accepts(metrics)
                        ? Optional.of(new Tried(target, metrics))
                        : bisect(target, reference::accepts);
        if (best.isPresent()) {
            adopt(epoch, target, best.get().level(), best.get().metrics());
        } else {
            add(epoch, target, turns.accepted(), metrics, Verdict.REFUSED);
        }
    }

    private Optional<Tried> bisect(double bad, Predicate<double[]> passes) {
        return Tried.furthest(
                turns.levels(),
                turns.accepted(),
                bad,
                level -> stage.tryOut(turns.index(), level).orElseThrow(),
                passes);
    }

    private void adopt(int epoch, double asked, double level, double[] metrics) {
        stage.adopt(turns.index(), level);
        turns.accept(level);
        kept = metrics;
        add(epoch, asked, level, metrics, Verdict.ACCEPTED);
        reference = reference.follow(metrics);
    }

    private void startTrial(int epoch, double asked, double level, double[] metrics) {
        stage.propose(turns.index(), level);
        onTrial = Optional.of(new Tried(level, metrics));
        epochsOutside = 0;
        add(epoch, asked, level, metrics, Verdict.RECOVERING);
    }

    private void finish(int epoch) {
        add(epoch, turns.levels().target(), turns.accepted(), kept, Verdict.DONE);
        turns.end();
    }

    private void keep(double[] metrics) {
        stage.keep();
        kept = metrics;
        reference = reference.follow(metrics);
    }

    private int recoveryEpochs() {
        return gates.stream().mapToInt(Gate::getRecoveryEpochs).min().orElse(0);
    }

    private double[] unknown() {
        return gates.stream().mapToDouble(gate -> Double.NaN).toArray();
    }

    private void addState(int epoch, double[] metrics, Verdict verdict) {
        if (onTrial.isPresent()) {
            double level = onTrial.get().level();
            double got = verdict == Verdict.ROLLED_BACK ? turns.accepted() : level;
            add(epoch, level, got, metrics, verdict);
        } else {
            log.add(epoch, reference, metrics, verdict);
        }
    }

    private void add(int epoch, double asked, double got, double[] metrics, Verdict verdict) {
        log.add(epoch, turns.technique(), asked, got, reference, metrics, verdict);
    }
}
