package dev.bonsai.search;

import java.util.function.LongSupplier;

/** Runs trials in the threads of this process. */
record ThreadRunner(int slots, LongSupplier nanoTime) implements TrialRunner {

    ThreadRunner {
        if (slots < 1) {
            throw new IllegalArgumentException(
                    "A search runs 1 or more trials at once, but got " + slots);
        }
    }

    @Override
    public Attempt run(Experiment experiment, Assignment assignment) throws InterruptedException {
        return Attempt.at(experiment, assignment, nanoTime);
    }
}
