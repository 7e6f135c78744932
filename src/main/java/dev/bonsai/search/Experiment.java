package dev.bonsai.search;

/** Trains, compresses and measures one model: what a search runs for each trial. */
@FunctionalInterface
public interface Experiment {

    /**
     * Tries a strategy.
     *
     * <p>The search keeps numbers, not models. To keep the best model, write it to a file that is
     * named after strategy and effort, and copy or remove it in the listener of the search.
     *
     * @param strategy what to try
     * @param effort how much work to put into it, such as the number of epochs; successive halving
     *     tries a good strategy again with more
     * @return the size and metric
     * @throws InterruptedException if the thread was interrupted: the search stops, and this trial
     *     is run again when it is resumed
     * @throws Exception any other makes this a failed trial, and the search goes on; an {@link
     *     Error} ends the search
     */
    Outcome run(Strategy strategy, int effort) throws Exception;
}
