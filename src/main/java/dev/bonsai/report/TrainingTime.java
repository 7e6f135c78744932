package dev.bonsai.report;

/**
 * How long a training took, and which part of it the gate took.
 *
 * @param total the seconds from the construction of the trainer to its end
 * @param gate the seconds that the gate took to propose, measure and judge states
 */
public record TrainingTime(double total, double gate) {

    /** The time of a training that nobody has measured. */
    public static final TrainingTime UNKNOWN = new TrainingTime(0, 0);

    /** Checks the times. */
    public TrainingTime {
        if (!(total >= 0 && gate >= 0)) {
            throw new IllegalArgumentException(
                    "A time is 0 or more seconds, but got " + total + " and " + gate);
        }
    }
}
