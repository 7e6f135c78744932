package dev.bonsai.search;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Finds the strategy that meets a goal best, by trying some within a budget.
 *
 * <pre>{@code
 * Choice<Double> sparsity = Choice.of("sparsity", 0.9, 0.95, 0.98);
 * Choice<Integer> bits = Choice.of("bits", 2, 3, 4);
 * SearchResult result =
 *         StrategySearch.builder()
 *                 .setSpace(SearchSpace.builder().addChoice(sparsity).addChoice(bits).build())
 *                 .setGoal(Goal.maxBytes(10_000))
 *                 .setExperiment(
 *                         (strategy, effort) ->
 *                                 compress(strategy.get(sparsity), strategy.get(bits), effort))
 *                 .setJournal(Path.of("search.jsonl"))
 *                 .optMethod(SearchMethod.successiveHalving(9, 1, 3))
 *                 .optMaxTime(Duration.ofHours(2))
 *                 .build()
 *                 .run();
 * System.out.println(result);
 * }</pre>
 *
 * <p>Every trial is in the journal as soon as it has ended, and before one takes its place. A
 * search that was interrupted, by whatever means, is resumed by running it again with the same
 * journal: it takes the trials that are there and runs the others, as if nothing had happened. Only
 * the trials that were under way are lost. A search that has ended goes on when it is run again
 * with a larger budget.
 *
 * <p>Trials may run several at once, or on other machines: see {@link TrialRunner}. The search is
 * as reproducible as its experiment: same seed, same strategies with the same numbers, however many
 * run at once and whichever ends first. Only {@link SearchMethod#asynchronousHalving} follows the
 * order of the results.
 */
public final class StrategySearch {

    /** What a journal's header has in any case. */
    private static final List<String> RESERVED =
            List.of(
                    "bonsaiSearchJournal",
                    "seed",
                    "goal",
                    "method",
                    "space",
                    "starts",
                    JournalLine.CHECKSUM_NAME);

    private final SearchSpace space;
    private final List<Strategy> starts;
    private final Goal goal;
    private final Experiment experiment;
    private final Path journal;
    private final SearchMethod method;
    private final TrialRunner runner;
    private final long seed;
    private final Budget budget;
    private final Consumer<SearchTrial> listener;
    private final Map<String, String> conditions;

    private StrategySearch(Builder builder) {
        space = builder.space;
        starts = List.copyOf(builder.starts);
        goal = builder.goal;
        experiment = builder.experiment;
        journal = builder.journal;
        method = builder.method;
        runner = builder.runner;
        seed = builder.seed;
        budget = builder.budget;
        listener = builder.listener;
        conditions = new LinkedHashMap<>(builder.conditions);
    }

    /**
     * Starts a search.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs the search, or what is left of it. The journal is written and the listener told in the
     * calling thread.
     *
     * @return the result, with the trials of the journal
     * @throws JournalException if the journal cannot be written, is damaged, is in use, or belongs
     *     to another search; the message says which and what to do
     * @throws IOException if the disk fails
     * @throws InterruptedException if the thread was interrupted; the trials under way have been
     *     stopped, and the journal has every other
     */
    public SearchResult run() throws IOException, InterruptedException {
        try (Journal opened = Journal.open(journal, header())) {
            return new SearchRun(goal, budget, newPlan(), listener, opened).run(runner, experiment);
        }
    }

    /**
     * Tells, before a long preparation, whether {@link #run} could use the journal. A journal that
     * is not there is begun.
     *
     * @throws JournalException if it could not; the message says why and what to do
     * @throws IOException if the disk fails
     */
    public void checkJournal() throws IOException {
        Journal.open(journal, header()).close();
    }

    private TrialPlan newPlan() {
        Sampler sampler = new Sampler(space, starts, seed);
        if (method instanceof SearchMethod.Bracketed bracketed) {
            return new BracketPlan(sampler, bracketed.rungs(), goal);
        }
        return new AsynchronousPlan(sampler, (SearchMethod.AsynchronousHalving) method, goal);
    }

    /** All that decides which trial comes next; so not the budget, which may grow. */
    private JsonObject header() {
        JsonObject header = JournalLine.header();
        header.addProperty("seed", seed);
        header.addProperty("goal", goal.toString());
        header.addProperty("method", method.toString());
        header.add("space", space.toJson());
        JsonArray array = new JsonArray();
        starts.forEach(start -> array.add(start.toJson()));
        header.add("starts", array);
        conditions.forEach(header::addProperty);
        return header;
    }

    /** Collects the settings of a {@link StrategySearch}. */
    public static final class Builder {

        private SearchSpace space;
        private final List<Strategy> starts = new ArrayList<>();
        private Goal goal;
        private Experiment experiment;
        private Path journal;
        private SearchMethod method = SearchMethod.random(1);
        private TrialRunner runner = TrialRunner.inTurn();
        private long seed;
        private Budget budget = Budget.NONE;
        private Consumer<SearchTrial> listener = trial -> {};
        private final Map<String, String> conditions = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets what to choose from.
         *
         * @param space the space
         * @return this builder
         */
        public Builder setSpace(SearchSpace space) {
            this.space = Objects.requireNonNull(space, "space");
            return this;
        }

        /**
         * Sets what is sought.
         *
         * @param goal the goal
         * @return this builder
         */
        public Builder setGoal(Goal goal) {
            this.goal = Objects.requireNonNull(goal, "goal");
            return this;
        }

        /**
         * Sets how a strategy is tried.
         *
         * @param experiment the experiment
         * @return this builder
         */
        public Builder setExperiment(Experiment experiment) {
            this.experiment = Objects.requireNonNull(experiment, "experiment");
            return this;
        }

        /**
         * Sets the file that the search can be resumed from. Only one search at a time may use it.
         *
         * @param file the file; without one a new search begins
         * @return this builder
         */
        public Builder setJournal(Path file) {
            journal = Objects.requireNonNull(file, "file");
            return this;
        }

        /**
         * Adds a strategy to try before the random ones.
         *
         * @param start a strategy of the space, such as one known to be good
         * @return this builder
         */
        public Builder addStart(Strategy start) {
            if (starts.contains(start)) {
                throw new IllegalArgumentException(
                        "Each strategy is tried once, but got '" + start + "' twice: remove one");
            }
            starts.add(start);
            return this;
        }

        /**
         * Adds something that the outcomes depend on beside the strategy, such as the data or the
         * model that each trial begins with. A journal that was written under other conditions is
         * refused.
         *
         * @param name the name for messages, such as {@code data set}
         * @param value what tells one from another, such as a checksum
         * @return this builder
         */
        public Builder addCondition(String name, String value) {
            Objects.requireNonNull(value, "value");
            if (name.isBlank() || RESERVED.contains(name) || conditions.containsKey(name)) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "A condition has a name of its own, but got '%s': take one that is"
                                        + " none of %s %s",
                                name,
                                RESERVED,
                                conditions.keySet()));
            }
            conditions.put(name, value);
            return this;
        }

        /**
         * Sets how effort is spent (default: random search with effort 1).
         *
         * @param method the method
         * @return this builder
         */
        public Builder optMethod(SearchMethod method) {
            this.method = Objects.requireNonNull(method, "method");
            return this;
        }

        /**
         * Sets where the trials are run, which is no part of what is searched: a search that was
         * begun with one runner may go on with another (default: {@link TrialRunner#inTurn}).
         *
         * @param runner the runner
         * @return this builder
         */
        public Builder optRunner(TrialRunner runner) {
            this.runner = Objects.requireNonNull(runner, "runner");
            return this;
        }

        /**
         * Sets the seed of the random strategies (default 0).
         *
         * @param seed same seed, same strategies
         * @return this builder
         */
        public Builder optSeed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets how many trials there may be, those before an interruption and failed ones included.
         * With time as well, what is spent first ends the search.
         *
         * @param trials the number of trials, at least 1
         * @return this builder
         */
        public Builder optMaxTrials(int trials) {
            budget = budget.withTrials(trials);
            return this;
        }

        /**
         * Sets how much time the experiments may take, before an interruption included. It is the
         * sum of the times of the trials: with n at once it is spent up to n times as fast. The
         * trials that are under way then are not cut short.
         *
         * @param time more than no time
         * @return this builder
         */
        public Builder optMaxTime(Duration time) {
            budget = budget.withTime(time);
            return this;
        }

        /**
         * Sets who is told of each trial, and of the best so far, as soon as it is in the journal.
         * A resumed search tells of the trials in the journal again, since the process may have
         * ended between the journal and the listener. What the listener throws ends the search.
         *
         * @param listener the listener
         * @return this builder
         */
        public Builder optListener(Consumer<SearchTrial> listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Builds the search.
         *
         * @return the search
         * @throws IllegalArgumentException if a setting is missing or a start is not of the space
         */
        public StrategySearch build() {
            require("setSpace", space);
            require("setGoal", goal);
            require("setExperiment", experiment);
            require("setJournal", journal);
            if (budget.equals(Budget.NONE)) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "A search needs a budget, or it would try all %d strategies: call"
                                        + " optMaxTrials or optMaxTime",
                                space.size()));
            }
            for (Strategy start : starts) {
                if (!start.isOf(space)) {
                    throw new IllegalArgumentException(
                            String.format(
                                    Locale.ROOT,
                                    "The start '%s' is not of this space: make it from"
                                            + " SearchSpace.first() with other values",
                                    start));
                }
            }
            return new StrategySearch(this);
        }

        private static void require(String setter, Object value) {
            if (value == null) {
                throw new IllegalArgumentException(
                        "A search needs this setting, but got none: call " + setter);
            }
        }
    }
}
