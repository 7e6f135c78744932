package dev.bonsai.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The trials under way: each in a thread of its own; in the calling one where the runner has a
 * single slot.
 */
final class TrialPool implements AutoCloseable {

    private static final long LONGEST_WAIT_DAYS = 365;

    private final TrialRunner runner;
    private final Experiment experiment;
    private final int slots;
    private final ExecutorService threads = Executors.newCachedThreadPool(TrialPool::thread);
    private final CompletionService<SearchTrial> trials;
    private final Map<Integer, Assignment> underWay = new TreeMap<>();

    TrialPool(TrialRunner runner, Experiment experiment) {
        this.runner = runner;
        this.experiment = experiment;
        slots = runner.slots();
        if (slots < 1) {
            throw new IllegalStateException(
                    "A runner of trials has 1 or more slots, but " + runner + " has " + slots);
        }
        trials = new ExecutorCompletionService<>(slots == 1 ? Runnable::run : threads);
    }

    /** A daemon: one that does not end when it is interrupted does not keep the process. */
    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "bonsai-trial");
        thread.setDaemon(true);
        return thread;
    }

    boolean hasRoom() {
        return underWay.size() < slots;
    }

    /** Returns what was begun and not taken, by number. */
    List<Assignment> underWay() {
        return List.copyOf(underWay.values());
    }

    void begin(Assignment assignment) {
        underWay.put(assignment.number(), assignment);
        trials.submit(() -> SearchTrial.of(assignment, runner.run(experiment, assignment)));
    }

    /**
     * Waits for a trial to end.
     *
     * @throws InterruptedException if this thread or the trial was interrupted, and no trial has
     *     ended
     */
    SearchTrial take() throws InterruptedException {
        Future<SearchTrial> ended = trials.poll(); // that has ended, even if this is interrupted
        return result(ended == null ? trials.take() : ended);
    }

    /** Returns the trials that have ended with a result meanwhile. */
    List<SearchTrial> takeAll() {
        List<SearchTrial> all = new ArrayList<>();
        for (Future<SearchTrial> ended = trials.poll(); ended != null; ended = trials.poll()) {
            resultIfAny(ended).ifPresent(all::add);
        }
        return all;
    }

    private Optional<SearchTrial> resultIfAny(Future<SearchTrial> ended) {
        try {
            return Optional.of(result(ended));
        } catch (InterruptedException | RuntimeException | Error e) { // the first one is told
            return Optional.empty();
        }
    }

    private SearchTrial result(Future<SearchTrial> ended) throws InterruptedException {
        try {
            SearchTrial trial = ended.get();
            underWay.remove(trial.number());
            return trial;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof InterruptedException interrupted) {
                throw interrupted;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) cause; // a runner throws no other
        }
    }

    /** Interrupts the trials and waits until they have ended, or this thread is interrupted. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            threads.awaitTermination(LONGEST_WAIT_DAYS, TimeUnit.DAYS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
