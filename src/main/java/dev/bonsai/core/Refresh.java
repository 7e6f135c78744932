package dev.bonsai.core;

import java.util.Locale;
import java.util.Objects;

/**
 * How often a technique's state is worked out anew at its own level, and in how many parts a level
 * that is on trial is approached.
 *
 * <p>Between two epochs the state is worked out after the gate has judged the one that ended, by
 * the first training step of the next: what is judged has always been trained on.
 *
 * <p>With an interval of 100 steps and a ramp of 4, a step from sparsity 0.8 to 0.9 begins with
 * 0.825, and goes on to 0.85, 0.875 and 0.9 after 100, 200 and 300 training steps. The gate judges
 * no level on the way: what is left of a ramp at the end of an epoch is gone before it judges.
 *
 * @param interval the units between two refreshes; 0 for none
 * @param unit what the interval counts
 * @param ramp the parts in which a level is approached, at least 1, and 1 between epochs
 */
public record Refresh(@Bounds(atLeast = 0) int interval, Unit unit, @Bounds(atLeast = 1) int ramp) {

    /** A state stands still until another level is tried. */
    public static final Refresh NONE = new Refresh(0, 1);

    /** The state is worked out anew between any two epochs. */
    public static final Refresh EACH_EPOCH = new Refresh(1, Unit.EPOCH, 1);

    /** What is counted from one refresh to the next. */
    public enum Unit {
        /** Steps of the optimizer. */
        STEP,
        /** Epochs. */
        EPOCH
    }

    public Refresh {
        Objects.requireNonNull(unit, "unit");
        if (interval < 0 || ramp < 1 || (interval == 0 && ramp > 1)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A refresh takes place every 1 or more training steps (0 for never),"
                                    + " and a ramp has 1 or more parts, but got an interval of %d"
                                    + " and a ramp of %d: use new Refresh(100, 4)",
                            interval,
                            ramp));
        }
        if (unit == Unit.EPOCH && ramp > 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Between epochs the gate judges every level, so that there is no ramp,"
                                    + " but got %d parts: use new Refresh(100, %d) to approach a"
                                    + " level within an epoch, or a ramp of 1",
                            ramp,
                            ramp));
        }
    }

    /**
     * Refreshes after so many training steps.
     *
     * @param interval the training steps between two refreshes; 0 for none
     * @param ramp the parts in which a level is approached, at least 1
     */
    public Refresh(int interval, int ramp) {
        this(interval, Unit.STEP, ramp);
    }

    /**
     * Tells whether it is time to work out the state anew.
     *
     * @param counted the unit that has just ended
     * @param count how many of them there have been
     * @return whether the interval is over
     */
    public boolean isDue(Unit counted, long count) {
        return interval > 0 && counted == unit && count % interval == 0;
    }

    /**
     * Returns the level on the way from one to another.
     *
     * @param from the level before
     * @param to the level asked for
     * @param part the part that begins, from 1; beyond the ramp it is the level asked for
     * @return the level
     */
    public double level(double from, double to, int part) {
        return part >= ramp ? to : from + (to - from) * part / ramp;
    }
}
