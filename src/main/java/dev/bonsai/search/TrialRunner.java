package dev.bonsai.search;

/**
 * Where the trials of a search are run. What they are and how they are chosen does not depend on
 * it, so that a search may go on with another runner.
 */
public interface TrialRunner {

    /**
     * Runs one trial after the other in the thread that runs the search.
     *
     * @return the runner
     */
    static TrialRunner inTurn() {
        return threads(1);
    }

    /**
     * Runs several trials at once, each in a thread of its own.
     *
     * <p>For experiments that share nothing that changes. DJL's engines have one generator of
     * random numbers for the whole process: trainings side by side take each other's numbers, so
     * that their outcomes are not those of the same trainings in turn. Run them in processes of
     * their own, as {@code dev.bonsai.spark} does.
     *
     * @param count how many trials at once, at least 1
     * @return the runner
     */
    static TrialRunner threads(int count) {
        return new ThreadRunner(count, System::nanoTime);
    }

    /**
     * Returns how many trials may be under way at once. A search asks once.
     *
     * @return the number, at least 1
     */
    int slots();

    /**
     * Runs a trial and waits for its end. With one slot it is called by the thread that runs the
     * search, else by several threads at once. When the search ends early the threads are
     * interrupted, and the search waits for them.
     *
     * @param experiment the experiment
     * @param assignment what to try
     * @return how it went
     * @throws InterruptedException if the thread was interrupted; the trial has then been stopped,
     *     and is run again when the search is resumed
     * @throws RuntimeException if no further trial can be run: this ends the search, and the trial
     *     is run again when it is resumed
     */
    Attempt run(Experiment experiment, Assignment assignment) throws InterruptedException;
}
