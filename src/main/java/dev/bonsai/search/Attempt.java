package dev.bonsai.search;

import java.io.Serial;
import java.io.Serializable;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How running an {@link Assignment} went: an outcome or a failure, and the time that it took. */
public final class Attempt implements Serializable {

    @Serial private static final long serialVersionUID = 1;
    private static final Logger LOGGER = LoggerFactory.getLogger(Attempt.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A message may hold anything, but a line of the journal is of a bounded length. */
    private static final int MOST_OF_A_FAILURE = 10_000;

    /** Causes may go round in a circle. */
    private static final int MOST_CAUSES = 100;

    private final @Nullable Outcome outcome;
    private final @Nullable String failure;
    private final Duration time;

    private Attempt(@Nullable Outcome outcome, @Nullable String failure, Duration time) {
        this.outcome = outcome;
        this.failure = failure;
        this.time = time;
    }

    /**
     * Runs an experiment in the calling thread. What it throws makes this a failure, but for an
     * {@link Error}.
     *
     * @param experiment the experiment
     * @param assignment what to try
     * @return how it went, and how long it took
     * @throws InterruptedException if the thread was interrupted, before or meanwhile
     */
    public static Attempt at(Experiment experiment, Assignment assignment)
            throws InterruptedException {
        return at(experiment, assignment, System::nanoTime);
    }

    static Attempt at(Experiment experiment, Assignment assignment, LongSupplier nanoTime)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("before " + assignment);
        }
        long start = nanoTime.getAsLong();
        try {
            Outcome outcome = experiment.run(assignment.strategy(), assignment.effort());
            Objects.requireNonNull(outcome, "The experiment returned null, expected an Outcome");
            return succeeded(outcome, since(start, nanoTime));
        } catch (Exception e) {
            if (Thread.interrupted() || isInterruption(e)) {
                InterruptedException interrupted = new InterruptedException("in " + assignment);
                interrupted.initCause(e);
                throw interrupted;
            }
            LOGGER.warn("{} failed", assignment, e);
            return failed(e.toString(), since(start, nanoTime));
        }
    }

    /** Libraries wrap what interrupted them, and some forget to set the thread's flag again. */
    private static boolean isInterruption(Throwable e) {
        Throwable cause = e;
        for (int i = 0; cause != null && i < MOST_CAUSES; ++i) {
            if (cause instanceof InterruptedException
                    || cause instanceof ClosedByInterruptException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static Duration since(long start, LongSupplier nanoTime) {
        return Duration.ofMillis((nanoTime.getAsLong() - start) / NANOS_PER_MILLI);
    }

    static Attempt succeeded(Outcome outcome, Duration time) {
        return new Attempt(outcome, null, time);
    }

    /**
     * Returns a failure, of an experiment that could not even be run, for instance.
     *
     * @param message what went wrong; it is cut after some thousand letters
     * @param time how long it took
     * @return the attempt
     */
    public static Attempt failed(String message, Duration time) {
        String failure = message.substring(0, Math.min(MOST_OF_A_FAILURE, message.length()));
        return new Attempt(null, failure, time);
    }

    /**
     * Returns what the experiment found.
     *
     * @return the outcome; empty if it failed
     */
    public Optional<Outcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    /**
     * Returns why the experiment failed.
     *
     * @return the message; empty if it did not
     */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Returns how long it took where it ran.
     *
     * @return the time
     */
    public Duration time() {
        return time;
    }
}
