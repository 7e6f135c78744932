package dev.bonsai.gate;

import dev.bonsai.statistics.Outcomes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

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
    private final EarlierRun earlier;
    private final Stage stage;
    private final DenseTraining dense;
    private final Judge judge;
    private final TrialLog log;
    private final Standing at;
    private final LevelSteps steps;
    private final int recoveryEpochs;

    /**
     * Constructs a machine in front of its first measurement.
     *
     * @param gates the gates, at least one
     * @param techniques the techniques in the order in which they are applied
     * @param warmup how long the model is trained as it is
     * @param earlier how far an earlier training has taken the model
     * @param stage the model
     * @param onTrial told each row of the record
     */
    public GateMachine(
            List<Gate> gates,
            List<JudgedTechnique> techniques,
            Warmup warmup,
            EarlierRun earlier,
            Stage stage,
            Consumer<Trial> onTrial) {
        this.earlier = earlier;
        this.gates = List.copyOf(gates);
        this.stage = stage;
        dense = new DenseTraining(this.gates, warmup, stage);
        judge = new Judge(this.gates);
        at = new Standing(this.gates, Turns.of(techniques, earlier));
        log = new TrialLog(onTrial);
        recoveryEpochs = this.gates.stream().mapToInt(Gate::getRecoveryEpochs).min().orElse(0);
        steps = new LevelSteps(at, stage, judge, log, recoveryEpochs);
    }

    /**
     * Returns everything that this machine knows.
     *
     * @return a value from which {@link #resume} goes on
     */
    public GateState state() {
        return new GateState(
                at.phase(),
                at.turns().now(),
                dense.course(),
                judge.looks(),
                at.marks(),
                log.trials());
    }

    /**
     * Goes on where another machine of the same gates and techniques stood.
     *
     * @param stood what it knew
     */
    public void resume(GateState stood) {
        at.resume(stood);
        dense.resume(stood.dense());
        judge.resume(stood.looks());
        log.resume(stood.trials());
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
        Metrics metrics = stage.measureMore(dense.best().orElseGet(stage::measure));
        Reference first = Reference.of(gates, metrics).follow(earlier.references(gates));
        judge.checkBaseline(metrics);
        at.begin(metrics, first);
        stage.keep(); // what is told of it knows that the gate has begun
        log.add(epoch, at.reference(), metrics, Verdict.BASELINE);
        Sight.log(gates, metrics);
    }

    /**
     * Judges the epoch that ended and decides on the next step.
     *
     * @param epoch the number of epochs trained so far
     */
    public void onEpoch(int epoch) {
        if (!hasBegun()) {
            begin(epoch);
        } else if (!judge(epoch, judged())) {
            return;
        }
        if (at.reference().accepts(at.kept())) {
            steps.tryNext(epoch);
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
        } else if (stage.isTrainedOn() || at.phase() instanceof Phase.OnTrial) {
            settle(epoch);
        }
        if (stage.canMeasureNow()) {
            while (!at.turns().allDone()) {
                steps.goAsFarAsPossible(epoch);
            }
        }
    }

    /** Takes the model back to the last accepted state, whatever is under way. */
    public void abandon() {
        stage.rollBack();
        at.rest();
    }

    /**
     * Tells whether the baseline has been measured.
     *
     * @return whether there is a state to fall back to
     */
    public boolean hasBegun() {
        return at.hasBegun();
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
     * Checks that the gates measure on the data that the baseline was measured on.
     *
     * @param now what they measure of any state
     * @throws IllegalStateException if the samples are others
     */
    public void checkData(Metrics now) {
        for (int i = 0; i < gates.size(); ++i) {
            List<Outcomes> before = at.baseline().gate(i).outcomes();
            List<Outcomes> here = now.gate(i).outcomes();
            if (!before.isEmpty() && !here.isEmpty() && !before.get(0).isPairedWith(here.get(0))) {
                throw new IllegalStateException(
                        String.format(
                                Locale.ROOT,
                                "The checkpoint is of another run: the %s was measured on %d"
                                        + " samples and is measured on %d now, or on others. Give"
                                        + " the gate the same data in the same order",
                                gates.get(i).getMetric().name(),
                                before.get(0).samples(),
                                here.get(0).samples()));
            }
        }
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
        List<String> notes = new ArrayList<>(log.notes());
        if (hasBegun()) {
            notes.addAll(Sight.notes(gates, at.baseline()));
        }
        at.start().ifPresent(metrics -> notes.addAll(dense.notes(metrics, at.reference())));
        return notes;
    }

    /**
     * Returns the baseline: the metrics of the model before anything was changed.
     *
     * @return one metric per gate
     * @throws NullPointerException if nothing was measured yet
     */
    public double[] baseline() {
        return at.baseline().values();
    }

    /** Returns the best metrics that accepted states have had so far, one per gate. */
    public Metrics reference() {
        return at.reference().best();
    }

    /**
     * Returns the metrics of the state to fall back to.
     *
     * @return one metric per gate; NaN if there is none yet
     */
    public double[] kept() {
        return Optional.ofNullable(at.kept())
                .or(dense::best)
                .orElseGet(() -> Metrics.none(gates.size()))
                .values();
    }

    /**
     * Returns how far the model has come, for a later training to go on from.
     *
     * @return the references, and the accepted levels
     * @throws NullPointerException if nothing was measured yet
     */
    public EarlierRun progress() {
        return new EarlierRun(at.reference().byName(), at.turns().acceptedByName());
    }

    /**
     * Returns how far a technique has come.
     *
     * @param technique the index of the technique
     * @return the accepted level
     */
    public double accepted(int technique) {
        return at.turns().accepted(technique);
    }

    private Tried judged() {
        Tried now = new Tried(Double.NaN, stage.measure(), Judgement.UNDECIDED);
        return judge.judge(at.reference(), now, stage::measureMore);
    }

    /** Returns whether a new step may be tried now. */
    private boolean judge(int epoch, Tried now) {
        if (now.judgement() == Judgement.PASSES) {
            pass(epoch, now.metrics());
            return true;
        }
        if (isReplacing(now)) {
            keep(now.metrics()); // the floor lies above the baseline: the model is getting there
            at.rest();
            return false;
        }
        int outside = at.epochsOutside() + 1;
        if (outside < recoveryEpochs) {
            at.outside(outside);
            addState(epoch, now.metrics(), steps.still(now.judgement()));
            return false;
        }
        if (judge.acceptsAtLast(now.judgement())) {
            pass(epoch, now.metrics());
        } else {
            rollBack(epoch, now.metrics());
        }
        return true;
    }

    /** Tells whether a state takes the place of an accepted one that is no better. */
    private boolean isReplacing(Tried now) {
        boolean shown = now.judgement() == Judgement.FAILS || !at.reference().accepts(at.kept());
        return !(at.phase() instanceof Phase.OnTrial)
                && shown
                && Reference.isAtLeastAsGood(gates, now.metrics(), at.kept());
    }

    private void pass(int epoch, Metrics metrics) {
        if (at.phase() instanceof Phase.OnTrial) {
            accept(epoch, metrics);
        } else if (!at.turns().allDone() || Reference.isAtLeastAsGood(gates, metrics, at.kept())) {
            keep(metrics);
        }
        at.rest();
    }

    private void settle(int epoch) {
        if (!stage.isTrainedOn()) {
            rollBack(epoch, ((Phase.OnTrial) at.phase()).tried()); // no step was trained on it
        } else if (stage.canMeasureNow()) {
            settle(epoch, judged());
        } else if (at.phase() instanceof Phase.OnTrial) {
            rollBack(epoch, Metrics.none(gates.size()));
        } else {
            stage.rollBack();
            at.rest();
        }
    }

    private void settle(int epoch, Tried now) {
        boolean passes = judge.acceptsAtLast(now.judgement());
        if (at.phase() instanceof Phase.OnTrial) {
            if (passes) {
                accept(epoch, now.metrics());
            } else {
                rollBack(epoch, now.metrics());
            }
        } else if ((passes || isReplacing(now))
                && Reference.isAtLeastAsGood(gates, now.metrics(), at.kept())) {
            keep(now.metrics());
        } else if (passes) {
            stage.rollBack();
        } else {
            rollBack(epoch, now.metrics());
        }
        at.rest();
    }

    private void accept(int epoch, Metrics metrics) {
        at.accept(((Phase.OnTrial) at.phase()).level());
        addState(epoch, metrics, Verdict.ACCEPTED);
        keep(metrics);
    }

    private void rollBack(int epoch, Metrics metrics) {
        addState(epoch, metrics, Verdict.ROLLED_BACK);
        at.fail();
        stage.rollBack();
    }

    private void keep(Metrics metrics) {
        stage.keep();
        at.keep(metrics);
    }

    private void addState(int epoch, Metrics metrics, Verdict verdict) {
        if (at.phase() instanceof Phase.OnTrial trial) {
            double got = verdict == Verdict.ROLLED_BACK ? at.turns().accepted() : trial.level();
            steps.add(epoch, trial.level(), got, metrics, verdict);
        } else {
            log.add(epoch, at.reference(), metrics, verdict);
        }
    }
}
