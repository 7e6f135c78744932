package dev.bonsai.core;

/**
 * How often a technique's state is worked out anew while an epoch is trained, and in how many parts
 * a level that is under trial is approached.
 *
 * <p>With an interval of 100 and a ramp of 4, a step from sparsity 0.8 to 0.9 begins with 0.825,
 * and goes on to 0.85, 0.875 and 0.9 after 100, 200 and 300 training steps. The gate judges no
 * level on the way: what is left of a ramp at the end of an epoch is gone before it judges.
 *
 * @param interval the training steps between two refreshes; 0 for none
 * @param ramp the parts in which a level is approached, at least 1
 */
public record Refresh(int interval, int ramp) {

    /** The state stands still between two ends of an epoch. */
    public static final Refresh NONE = new Refresh(0, 1);

    public Refresh {
        if (interval < 0 || ramp < 1 || (interval == 0 && ramp > 1)) {
            throw new IllegalArgumentException(
                    String.format(
                            "A refresh takes place every 1 or more training steps (0 for never),"
                                    + " and a ramp has 1 or more parts, but got an interval of %d"
                                    + " and a ramp of %d: use new Refresh(100, 4)",
                            interval, ramp));
        }
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
