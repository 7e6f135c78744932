package dev.bonsai.gate;

import dev.bonsai.statistics.Outcomes;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/**
 * A model of which the true accuracy is known, and measured on samples: each state answers some of
 * them differently from the dense model, by chance. Measuring a state again gives the same answers.
 */
final class NoisyStage implements Stage {

    private static final double ACCURACY = 0.95;

    private final long seed;
    private final int samples;
    private final int more;
    private final double differing;
    private final DoubleUnaryOperator trueDrop;
    private double level;
    private double pending;
    private boolean proposed;
    private int age;
    private boolean trainedOn;
    private double keptLevel;
    private double worstKept;

    /**
     * @param samples the samples of the gate's data
     * @param more the samples of its further data
     * @param differing the fraction of samples on which a compressed state answers differently
     * @param trueDrop how much worse a level really is
     */
    NoisyStage(long seed, int samples, int more, double differing, DoubleUnaryOperator trueDrop) {
        this.seed = seed;
        this.samples = samples;
        this.more = more;
        this.differing = differing;
        this.trueDrop = trueDrop;
    }

    /** The greatest true drop of any state that was ever accepted. */
    double worstKept() {
        return worstKept;
    }

    double keptLevel() {
        return keptLevel;
    }

    void train() {
        if (proposed) {
            level = pending;
            proposed = false;
        }
        ++age;
        trainedOn = true;
    }

    private Metrics answers(double at, boolean further) {
        Measurement first = measurement(at, 0, samples);
        return new Metrics(
                List.of(further && more > 0 ? first.and(measurement(at, 1, more)) : first));
    }

    private Measurement measurement(double at, int part, int count) {
        SplittableRandom dense = new SplittableRandom(31 * seed + part);
        long state = Double.doubleToLongBits(at) * 31 + age;
        SplittableRandom changes = new SplittableRandom(seed * 1_000_003L + state * 2 + part);
        double drop = trueDrop.applyAsDouble(at);
        double lost = at == 0 ? 0 : (differing + drop) / 2 / ACCURACY;
        double gained = at == 0 ? 0 : (differing - drop) / 2 / (1 - ACCURACY);
        float[] right = new float[count];
        for (int i = 0; i < count; ++i) {
            boolean was = dense.nextDouble() < ACCURACY;
            boolean changed = changes.nextDouble() < (was ? lost : gained);
            right[i] = was != changed ? 1 : 0;
        }
        Outcomes outcomes = new Outcomes(right, new int[0], part);
        return new Measurement(outcomes.mean(), List.of(outcomes));
    }

    @Override
    public Metrics measure() {
        return answers(level, false);
    }

    @Override
    public Metrics measureMore(Metrics measured) {
        return answers(level, true);
    }

    @Override
    public Optional<Metrics> tryOut(int technique, double tried) {
        return Optional.of(answers(tried, false));
    }

    @Override
    public Metrics tryOutMore(int technique, double tried, Metrics measured) {
        return answers(tried, true);
    }

    @Override
    public void propose(int technique, double next) {
        pending = next;
        proposed = true;
    }

    @Override
    public void adopt(int technique, double next) {
        level = next;
        keep();
    }

    @Override
    public void keep() {
        keptLevel = level;
        worstKept = Math.max(worstKept, level == 0 ? 0 : trueDrop.applyAsDouble(level));
        trainedOn = false;
    }

    @Override
    public void rollBack() {
        level = keptLevel;
        proposed = false;
        trainedOn = false;
    }

    @Override
    public boolean isTrainedOn() {
        return trainedOn;
    }

    @Override
    public boolean canMeasureNow() {
        return true;
    }
}
