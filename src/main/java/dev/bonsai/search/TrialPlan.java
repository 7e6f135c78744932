package dev.bonsai.search;

import java.util.Optional;

/** Says what to try next; depends on the seed and on what the trials so far gave, nothing else. */
interface TrialPlan {

    /**
     * Returns the next trial.
     *
     * @return the trial; empty if it depends on trials that are still under way, or, when none is,
     *     if every strategy has been tried
     */
    Optional<Assignment> next();

    /** Takes note of how a trial went; of those under way, in any order. */
    void add(SearchTrial trial);

    /**
     * Tells whether the next trial depends on the order in which the results of others came. The
     * journal then holds when each trial was asked for, too.
     */
    boolean followsOrder();
}
