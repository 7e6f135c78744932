package dev.bonsai.gate;

import static org.testng.Assert.assertFalse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** A model of which nothing but the levels and the epochs are known: its metric is a function. */
final class FakeStage implements Stage {

    /**
     * A state of the fake model.
     *
     * @param levels the level of each technique
     * @param age the epochs trained so far
     * @param since the epochs trained since the levels changed last
     */
    record State(List<Double> levels, int age, int since) {

        double level() {
            return levels.get(0);
        }

        private State with(int technique, double level) {
            List<Double> changed = new ArrayList<>(levels);
            changed.set(technique, level);
            return new State(List.copyOf(changed), age, 0);
        }

        private State trained() {
            return new State(levels, age + 1, since + 1);
        }
    }

    private final Function<State, double[]> metrics;
    private final List<String> calls = new ArrayList<>();
    private final List<State> kept = new ArrayList<>();
    private boolean atWill = true;
    private boolean trainedOn;
    private State state;
    private State pending;

    FakeStage(int techniques, Function<State, double[]> metrics) {
        this.metrics = metrics;
        state = new State(Collections.nCopies(techniques, 0.0), 0, 0);
    }

    /** One technique in front of one gate, at the level 0. */
    static FakeStage of(ToDoubleFunction<State> metric) {
        return new FakeStage(1, s -> new double[] {metric.applyAsDouble(s)});
    }

    /** Makes the metrics known at the end of an epoch only. */
    FakeStage notAtWill() {
        atWill = false;
        return this;
    }

    /** Trains for one epoch, and goes over to the proposed level before the first step. */
    void train() {
        state = (pending == null ? state : pending).trained();
        pending = null;
        trainedOn = true;
    }

    State state() {
        return state;
    }

    /** Every state that was the one to fall back to, oldest first. */
    List<State> kept() {
        return kept;
    }

    State lastKept() {
        return kept.get(kept.size() - 1);
    }

    /** What the machine had done to the model, oldest first; measuring and trying out is not. */
    List<String> calls() {
        return calls;
    }

    @Override
    public Metrics measure() {
        return Metrics.of(metrics.apply(state));
    }

    @Override
    public Optional<Metrics> tryOut(int technique, double level) {
        return atWill
                ? Optional.of(Metrics.of(metrics.apply(stepTo(technique, level))))
                : Optional.empty();
    }

    @Override
    public void propose(int technique, double level) {
        calls.add("propose " + technique + " " + level);
        pending = stepTo(technique, level);
    }

    @Override
    public void adopt(int technique, double level) {
        calls.add("adopt " + technique + " " + level);
        state = stepTo(technique, level);
        kept.add(state);
    }

    private State stepTo(int technique, double level) {
        assertFalse(trainedOn, "A step starts from the state to fall back to");
        return state.with(technique, level);
    }

    @Override
    public void keep() {
        calls.add("keep");
        kept.add(state);
        trainedOn = false;
    }

    @Override
    public void rollBack() {
        calls.add("rollBack");
        state = lastKept();
        pending = null;
        trainedOn = false;
    }

    @Override
    public boolean isTrainedOn() {
        return trainedOn;
    }

    @Override
    public boolean canMeasureNow() {
        return atWill;
    }
}
