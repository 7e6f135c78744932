package dev.bonsai.search;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The course of one search, from the trials of the journal to the end of the budget. */
final class SearchRun {

    private static final Logger LOGGER = LoggerFactory.getLogger(SearchRun.class);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Goal goal;
    private final Experiment experiment;
    private final Budget budget;
    private final SuccessiveHalving brackets;
    private final Consumer<SearchTrial> listener;
    private final LongSupplier nanoTime;

    private final List<SearchTrial> trials = new ArrayList<>();
    private Duration spent = Duration.ZERO;
    private Optional<Outcome> best = Optional.empty();

    SearchRun(
            Goal goal,
            Experiment experiment,
            Budget budget,
            SuccessiveHalving brackets,
            Consumer<SearchTrial> listener,
            LongSupplier nanoTime) {
        this.goal = goal;
        this.experiment = experiment;
        this.budget = budget;
        this.brackets = brackets;
        this.listener = listener;
        this.nanoTime = nanoTime;
    }

    SearchResult run(Journal journal) throws IOException, InterruptedException {
        while (true) {
            Optional<Assignment> assignment = brackets.next();
            Optional<JsonObject> known = journal.next();
            if (known.isPresent()) {
                take(look(assignment, known.get(), journal.where()));
                continue;
            }
            Optional<Ending> ending =
                    assignment.isEmpty()
                            ? Optional.of(Ending.ALL_TRIED)
                            : budget.spent(trials.size(), spent);
            if (ending.isPresent()) {
                return new SearchResult(goal, trials, ending.get());
            }
            SearchTrial trial = attempt(assignment.get());
            journal.append(trial.toJson());
            take(trial);
        }
    }

    /** Takes a trial from the journal, if it is the one that the search would run now. */
    private static SearchTrial look(Optional<Assignment> assignment, JsonObject known, String where)
            throws IOException {
        for (String name : List.of("trial", "strategy", "effort")) {
            String expected =
                    assignment.map(a -> a.toJson().get(name)).map(Object::toString).orElse("none");
            String found = String.valueOf(known.get(name));
            if (!found.equals(expected)) {
                throw JournalLine.damaged(
                        where,
                        String.format(
                                Locale.ROOT,
                                "expected %s, but its %s is %s",
                                assignment.map(Object::toString).orElse("no further trial"),
                                name,
                                found));
            }
        }
        try {
            return SearchTrial.fromJson(assignment.orElseThrow(), known);
        } catch (RuntimeException e) { // a missing member, or a value of another type
            throw JournalLine.damaged(where, e.toString());
        }
    }

    private SearchTrial attempt(Assignment assignment) throws InterruptedException {
        if (Thread.interrupted()) {
            throw interrupted(assignment, null);
        }
        long start = nanoTime.getAsLong();
        try {
            Outcome outcome = experiment.run(assignment.strategy(), assignment.effort());
            Objects.requireNonNull(outcome, "The experiment returned null, expected an Outcome");
            return SearchTrial.succeeded(assignment, outcome, since(start));
        } catch (Exception e) {
            if (e instanceof InterruptedException || Thread.interrupted()) {
                throw interrupted(assignment, e);
            }
            LOGGER.warn("{} failed; the search goes on", assignment, e);
            return SearchTrial.failed(assignment, e.toString(), since(start));
        }
    }

    private static InterruptedException interrupted(Assignment assignment, Exception cause) {
        InterruptedException interrupted =
                new InterruptedException(
                        "The search was interrupted before the end of "
                                + assignment
                                + ". Run it again with the same journal to resume it");
        interrupted.initCause(cause);
        return interrupted;
    }

    private Duration since(long start) {
        return Duration.ofMillis((nanoTime.getAsLong() - start) / NANOS_PER_MILLI);
    }

    private void take(SearchTrial trial) {
        spent = spent.plus(trial.time());
        brackets.add(trial);
        Optional<Outcome> outcome = trial.outcome();
        boolean better =
                outcome.isPresent()
                        && (best.isEmpty()
                                || goal.ranking().compare(outcome.get(), best.get()) < 0);
        SearchTrial taken = trial;
        if (better) {
            best = outcome;
            taken = trial.asBest();
        }
        trials.add(taken);
        listener.accept(taken);
    }
}
