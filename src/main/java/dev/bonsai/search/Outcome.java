package dev.bonsai.search;

import java.io.Serializable;
import java.util.Comparator;

/**
 * What an {@link Experiment} found: how large and how good the model became.
 *
 * @param bytes the length of the file, at least 0
 * @param metric the metric of the model read back from the file, on validation data; a finite
 *     number
 */
public record Outcome(long bytes, double metric) implements Serializable {

    static final Comparator<Outcome> FEWEST_BYTES = Comparator.comparingLong(Outcome::bytes);

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if they are out of range; thrown within an experiment it
     *     makes the trial a failed one
     */
    public Outcome {
        if (bytes < 0) {
            throw new IllegalArgumentException("A file has 0 or more bytes, but got " + bytes);
        }
        if (!Double.isFinite(metric)) {
            throw new IllegalArgumentException(
                    "A metric is a finite number, but got "
                            + metric
                            + ": the training may have diverged");
        }
    }
}
