package dev.bonsai.gate;

import dev.bonsai.core.Levels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state machine that takes techniques, one after the other, from level to level: try, recover,
 * accept, roll back and make the step smaller, done.
 *
 * <p>A state is accepted only if every gate accepts it. Between two trials the accepted state
 * trains on; when that takes it out of tolerance for longer than a recovery lasts, it is rolled
 * back too.
 */
public final class GateMachine {

    private static final Logger logger = LoggerFactory.getLogger(GateMachine.class);

    /**
     * A technique as the machine sees it.
     *
     * @param name the name for the record
     * @param levels the levels it may go through
     * @param gate the index of the gate whose metric stands in its rows
     */
    public record Runner(String name, Levels levels, int gate) {}

    private final List<Gate> gates;
    private final List<Runner> runners;
    private final Stage stage;
    private final double[] accepted;
    private final List<Trial> trials = new ArrayList<>();
    private Yardstick yardstick;
    private double[] kept;
    private int current;
    private int epochsOutside;
    private Optional<Tried> underTrial = Optional.empty();
    private OptionalDouble failed = OptionalDouble.empty();

    /**
     * Constructs a machine in front of its first measurement.
     *
     * @param gates the gates, at least one
     * @param runners the techniques in the order in which they are applied
     * @param stage the model
     */
    public GateMachine(List<Gate> gates, List<Runner> runners, Stage stage) {
        this.gates = List.copyOf(gates);
        this.runners = List.copyOf(runners);
        this.stage = stage;
        accepted = runners.stream().mapToDouble(runner -> runner.levels().start()).toArray();
    }

    /**
     * Measures the baseline, and keeps the model as the first state to fall back to.
     *
     * @param epoch the number of epochs trained so far
     * @throws IllegalStateException if a metric is not finite
     */
    public void begin(int epoch) {
        double[] metrics = stage.measure();
        yardstick = new Yardstick(gates, metrics);
        keep(metrics);
        add(epoch, "model", "-", "-", metrics, 0, Verdict.BASELINE);
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
        if (yardstick.accepts(kept)) {
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
            begin(epoch);
        } else if (stage.isTrainedOn() || underTrial.isPresent()) {
            settle(epoch);
        }
        if (stage.canMeasureNow()) {
            while (!allDone()) {
                goAsFarAsPossible(epoch);
            }
        }
    }

    /** Takes the model back to the last accepted state, whatever is under way. */
    public void abandon() {
        underTrial = Optional.empty();
        stage.rollBack();
    }

    /**
     * Tells whether the baseline has been measured.
     *
     * @return whether there is a state to fall back to
     */
    public boolean hasBegun() {
        return yardstick != null;
    }

    /**
     * Returns the record so far.
     *
     * @return one row a verdict, oldest first
     */
    public List<Trial> trials() {
        return List.copyOf(trials);
    }

    /**
     * Returns the baseline.
     *
     * @return one metric a gate
     * @throws NullPointerException if nothing was measured yet
     */
    public double[] baseline() {
        return yardstick.baseline();
    }

    /**
     * Returns the metrics of the state to fall back to.
     *
     * @return one metric a gate
     * @throws NullPointerException if nothing was measured yet
     */
    public double[] kept() {
        return kept.clone();
    }

    /**
     * Returns how far a technique has come.
     *
     * @param technique the index of the technique
     * @return the accepted level
     */
    public double accepted(int technique) {
        return accepted[technique];
    }

    /** Returns whether a new step may be tried now. */
    private boolean judge(int epoch, double[] metrics) {
        if (yardstick.accepts(metrics)) {
            epochsOutside = 0;
            if (underTrial.isPresent()) {
                accept(epoch, metrics);
            } else if (!allDone() || yardstick.isAtLeastAsGood(metrics, kept)) {
                keep(metrics);
            }
            return true;
        }
        if (underTrial.isEmpty() && yardstick.isAtLeastAsGood(metrics, kept)) {
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
            rollBack(epoch, underTrial.orElseThrow().metrics()); // no step was trained on it
        } else if (stage.canMeasureNow()) {
            settle(epoch, stage.measure());
        } else if (underTrial.isPresent()) {
            rollBack(epoch, unknown());
        } else {
            stage.rollBack();
        }
    }

    private void settle(int epoch, double[] metrics) {
        if (underTrial.isPresent() && yardstick.accepts(metrics)) {
            accept(epoch, metrics);
        } else if (underTrial.isEmpty() && yardstick.isAtLeastAsGood(metrics, kept)) {
            keep(metrics);
        } else if (underTrial.isEmpty() && yardstick.accepts(metrics)) {
            stage.rollBack();
        } else {
            rollBack(epoch, metrics);
        }
    }

    private void accept(int epoch, double[] metrics) {
        accepted[current] = underTrial.orElseThrow().level();
        addState(epoch, metrics, Verdict.ACCEPTED);
        underTrial = Optional.empty();
        failed = OptionalDouble.empty();
        keep(metrics);
    }

    private void rollBack(int epoch, double[] metrics) {
        addState(epoch, metrics, Verdict.ROLLED_BACK);
        if (underTrial.isPresent()) {
            failed = OptionalDouble.of(underTrial.get().level());
            underTrial = Optional.empty();
        }
        epochsOutside = 0;
        stage.rollBack();
    }

    private void tryNext(int epoch) {
        while (!allDone()) {
            OptionalDouble asked = nextLevel();
            if (asked.isPresent() && tryLevel(epoch, asked.getAsDouble())) {
                return;
            }
            finish(epoch);
        }
    }

    private OptionalDouble nextLevel() {
        Levels levels = runners.get(current).levels();
        return failed.isPresent()
                ? levels.between(accepted[current], failed.getAsDouble())
                : levels.next(accepted[current]);
    }

    /** Returns false if no step at all, however small, is worth a trial. */
    private boolean tryLevel(int epoch, double asked) {
        Optional<double[]> metrics = stage.tryOut(current, asked);
        if (metrics.isEmpty()) {
            startTrial(epoch, asked, asked, unknown());
            return true;
        }
        if (yardstick.accepts(metrics.get())) {
            adopt(epoch, asked, asked, metrics.get());
            return true;
        }
        if (recoveryEpochs() > 0 && yardstick.withinShock(metrics.get())) {
            startTrial(epoch, asked, asked, metrics.get());
            return true;
        }
        Predicate<double[]> bearable =
                recoveryEpochs() > 0 ? yardstick::withinShock : yardstick::accepts;
        Optional<Tried> best = bisect(asked, bearable);
        if (best.isEmpty()) {
            add(epoch, asked, accepted[current], metrics.get(), Verdict.REFUSED);
            return false;
        }
        if (yardstick.accepts(best.get().metrics())) {
            adopt(epoch, asked, best.get().level(), best.get().metrics());
        } else {
            startTrial(epoch, asked, best.get().level(), best.get().metrics());
        }
        return true;
    }

    private void goAsFarAsPossible(int epoch) {
        Levels levels = runners.get(current).levels();
        double target = levels.target();
        if (levels.next(accepted[current]).isPresent()) {
            stage.tryOut(current, target).ifPresent(metrics -> goTowards(target, metrics, epoch));
        }
        finish(epoch);
    }

    private void goTowards(double target, double[] metrics, int epoch) {
        Optional<Tried> best =
                yardstick.accepts(metrics)
                        ? Optional.of(new Tried(target, metrics))
                        : bisect(target, yardstick::accepts);
        if (best.isPresent()) {
            adopt(epoch, target, best.get().level(), best.get().metrics());
        } else {
            add(epoch, target, accepted[current], metrics, Verdict.REFUSED);
        }
    }

    private Optional<Tried> bisect(double bad, Predicate<double[]> passes) {
        Levels levels = runners.get(current).levels();
        return Tried.furthest(
                levels,
                accepted[current],
                bad,
                level -> stage.tryOut(current, level).orElseThrow(),
                passes);
    }

    private void adopt(int epoch, double asked, double level, double[] metrics) {
        stage.adopt(current, level);
        accepted[current] = level;
        kept = metrics;
        failed = OptionalDouble.empty();
        add(epoch, asked, level, metrics, Verdict.ACCEPTED);
    }

    private void startTrial(int epoch, double asked, double level, double[] metrics) {
        stage.propose(current, level);
        underTrial = Optional.of(new Tried(level, metrics));
        epochsOutside = 0;
        add(epoch, asked, level, metrics, Verdict.RECOVERING);
    }

    private void finish(int epoch) {
        double target = runners.get(current).levels().target();
        add(epoch, target, accepted[current], kept, Verdict.DONE);
        failed = OptionalDouble.empty();
        ++current;
    }

    private void keep(double[] metrics) {
        stage.keep();
        kept = metrics;
    }

    private boolean allDone() {
        return current >= runners.size();
    }

    private int recoveryEpochs() {
        return gates.stream().mapToInt(Gate::getRecoveryEpochs).min().orElse(0);
    }

    private double[] unknown() {
        double[] metrics = new double[gates.size()];
        Arrays.fill(metrics, Double.NaN);
        return metrics;
    }

    private void addState(int epoch, double[] metrics, Verdict verdict) {
        if (underTrial.isPresent()) {
            double level = underTrial.get().level();
            double got = verdict == Verdict.ROLLED_BACK ? accepted[current] : level;
            add(epoch, level, got, metrics, verdict);
        } else {
            add(epoch, "model", "-", "-", metrics, 0, verdict);
        }
    }

    private void add(int epoch, double asked, double got, double[] metrics, Verdict verdict) {
        Runner by = runners.get(current);
        Levels levels = by.levels();
        add(
                epoch,
                by.name(),
                levels.format(asked),
                levels.format(got),
                metrics,
                by.gate(),
                verdict);
    }

    private void add(
            int epoch,
            String name,
            String asked,
            String got,
            double[] metrics,
            int gate,
            Verdict verdict) {
        Trial trial =
                new Trial(
                        epoch,
                        name,
                        asked,
                        got,
                        metrics[gate],
                        yardstick.drop(gate, metrics),
                        verdict);
        logger.info("{}", trial);
        trials.add(trial);
    }
}
