package dev.bonsai.spark;

import dev.bonsai.search.Assignment;
import dev.bonsai.search.Experiment;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.Locale;

/** Tells whether a trial can be sent to an executor. */
final class Sendable {

    private Sendable() {}

    /**
     * Checks that a trial can be serialized.
     *
     * @throws IllegalArgumentException if it can't; the message names what can't and how to mend it
     */
    static void check(Experiment experiment, Assignment assignment) {
        if (!(experiment instanceof Serializable)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Spark sends the experiment to executors, but %s can't be serialized:"
                                    + " make it a SparkExperiment",
                            experiment.getClass().getName()));
        }
        try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
            out.writeObject(experiment);
            out.writeObject(assignment);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Spark sends experiment and strategy to executors, but they hold what"
                                    + " can't be serialized: %s. Let the experiment hold where its"
                                    + " data is, and read it where it runs; and let the values of"
                                    + " choices be numbers, strings, enums or serializable records",
                            e),
                    e);
        }
    }
}
