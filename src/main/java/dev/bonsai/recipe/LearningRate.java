package dev.bonsai.recipe;

import ai.djl.training.tracker.Tracker;
import ai.djl.training.tracker.WarmUpTracker;
import dev.bonsai.core.NamedValue;
import java.util.Locale;

/**
 * How the learning rate goes in the course of a training, whatever the number of its steps.
 *
 * <pre>{@code
 * LearningRate.cosine(0.001f, 1e-5f);                            // falls from the first step on
 * LearningRate.upAndDown(0.05f, 1e-4f).afterQuietEpoch(1e-4f);   // rises first, behind an epoch
 * }</pre>
 */
public final class LearningRate extends NamedValue {

    /** The part of the epochs in which a rate rises: one in so many. */
    static final int UP = 15;

    /** How many times lower a rate begins that rises. */
    static final int RISE = 10;

    private final Shape shape;

    /** Makes the rate for a training. */
    @FunctionalInterface
    private interface Shape {
        Tracker tracker(int epochs, int batches);
    }

    private LearningRate(Shape shape, String factory, Object... arguments) {
        super(factory, arguments);
        this.shape = shape;
    }

    /**
     * Keeps the rate as it is.
     *
     * @param rate the rate, finite and greater than 0
     * @return the plan
     */
    public static LearningRate constant(float rate) {
        check(rate);
        return new LearningRate((epochs, batches) -> Tracker.fixed(rate), "constant", rate);
    }

    /**
     * Has the rate fall along a cosine.
     *
     * @param from the rate of the first step, finite and greater than 0
     * @param to the rate of the last step, finite and greater than 0
     * @return the plan
     */
    public static LearningRate cosine(float from, float to) {
        check(from);
        check(to);
        return new LearningRate(
                (epochs, batches) -> fall(from, to, Math.multiplyExact(batches, epochs)),
                "cosine",
                from,
                to);
    }

    /**
     * Has the rate rise along a line, from a tenth of the highest, in the first fifteenth of the
     * epochs, and then fall along a cosine.
     *
     * @param highest the highest rate, finite and greater than 0
     * @param lowest the rate of the last step, finite and greater than 0
     * @return the plan
     */
    public static LearningRate upAndDown(float highest, float lowest) {
        check(highest);
        check(lowest);
        return new LearningRate(
                (epochs, batches) -> {
                    int up = Math.max(1, Math.round((float) epochs / UP)) * batches;
                    return Tracker.warmUp()
                            .setMainTracker(
                                    fall(highest, lowest, Math.multiplyExact(epochs, batches) - up))
                            .optWarmUpSteps(up)
                            .optWarmUpBeginValue(highest / RISE)
                            .optWarmUpMode(WarmUpTracker.Mode.LINEAR)
                            .build();
                },
                "upAndDown",
                highest,
                lowest);
    }

    /**
     * Has an epoch at a rate of its own come before: at a low one, a trained model stays as it is
     * while criteria gather what they rank by.
     *
     * @param rate the rate of the first epoch, finite and greater than 0
     * @return the plan of all epochs
     */
    public LearningRate afterQuietEpoch(float rate) {
        check(rate);
        return new LearningRate(
                (epochs, batches) -> {
                    Tracker others = shape.tracker(Math.max(1, epochs - 1), batches);
                    // DJL counts updates from 1
                    return update ->
                            update <= batches ? rate : others.getNewValue(update - batches);
                },
                this + ".afterQuietEpoch",
                rate);
    }

    private static Tracker fall(float from, float to, int steps) {
        return Tracker.cosine()
                .setBaseValue(from)
                .optFinalValue(to)
                .setMaxUpdates(Math.max(1, steps))
                .build();
    }

    private static void check(float rate) {
        if (!(rate > 0 && rate < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A learning rate is finite and greater than 0, but got %s: use 0.001f",
                            rate));
        }
    }

    /**
     * Makes the rate of a training.
     *
     * @param epochs the epochs of the whole training, at least 1
     * @param batches the steps of an epoch, at least 1
     * @return what tells the rate of each step
     */
    public Tracker newTracker(int epochs, int batches) {
        return shape.tracker(epochs, batches);
    }
}
