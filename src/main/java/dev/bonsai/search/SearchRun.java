package dev.bonsai.search;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The course of one search, from the trials of the journal to the end of the budget. */
final class SearchRun {

    private final Goal goal;
    private final Budget budget;
    private final TrialPlan plan;
    private final Consumer<SearchTrial> listener;
    private final Journal journal;

    private final List<SearchTrial> trials = new ArrayList<>();
    private Duration spent = Duration.ZERO;
    private final BestSoFar best;

    /** What an earlier run asked for and had no result of, by number. */
    private final Queue<Assignment> again = new ArrayDeque<>();

    /** What the plan asked for and the budget did not allow. */
    private Optional<Assignment> held = Optional.empty();

    SearchRun(
            Goal goal,
            Budget budget,
            TrialPlan plan,
            Consumer<SearchTrial> listener,
            Journal journal) {
        this.goal = goal;
        best = new BestSoFar(goal);
        this.budget = budget;
        this.plan = plan;
        this.listener = listener;
        this.journal = journal;
    }

    SearchResult run(TrialRunner runner, Experiment experiment)
            throws IOException, InterruptedException {
        replay();
        try (TrialPool pool = new TrialPool(runner, experiment)) {
            try {
                return run(pool);
            } catch (InterruptedException e) {
                keepEnded(pool);
                throw interrupted(pool.underWay(), e);
            } finally {
                keepEnded(pool);
            }
        }
    }

    /** When a search ends early, what has a result is not lost. */
    private void keepEnded(TrialPool pool) throws IOException {
        pool.close();
        for (SearchTrial trial : pool.takeAll()) {
            journal.append(trial.toJson());
        }
    }

    private void replay() throws IOException {
        Replay replay = new Replay(plan);
        for (Optional<JsonObject> line = journal.next(); line.isPresent(); line = journal.next()) {
            Optional<SearchTrial> trial = replay.take(line.get(), journal.where());
            if (trial.isPresent()) {
                tell(trial.get());
            }
        }
        again.addAll(replay.withoutResult());
    }

    private SearchResult run(TrialPool pool) throws IOException, InterruptedException {
        while (true) {
            Optional<Ending> ending = fill(pool);
            if (pool.underWay().isEmpty()) {
                return result(ending.orElseThrow());
            }
            SearchTrial trial = pool.take();
            journal.append(trial.toJson());
            plan.add(trial);
            tell(trial);
        }
    }

    /** Begins what there is room for; returns why there is nothing more to begin, if so. */
    private Optional<Ending> fill(TrialPool pool) throws IOException {
        while (pool.hasRoom()) {
            boolean asked = !again.isEmpty();
            Optional<Assignment> next = asked ? Optional.of(again.element()) : held.or(plan::next);
            if (next.isEmpty()) {
                return Optional.of(Ending.ALL_TRIED); // unless one under way makes for another
            }
            Optional<Ending> end = budget.spent(trials.size() + pool.underWay().size(), spent);
            if (end.isPresent()) {
                held = asked ? held : next;
                return end;
            }
            held = Optional.empty();
            if (asked) {
                again.remove();
            } else if (plan.followsOrder()) {
                journal.append(next.get().toJson(Assignment.ASKED));
            }
            pool.begin(next.get());
        }
        return Optional.empty();
    }

    private static InterruptedException interrupted(List<Assignment> stopped, Exception cause) {
        InterruptedException interrupted =
                new InterruptedException(
                        "The search was interrupted, and these trials were stopped: "
                                + stopped.stream()
                                        .map(Assignment::toString)
                                        .collect(Collectors.joining("; "))
                                + ". Run it again with the same journal to resume it");
        interrupted.initCause(cause.getCause());
        return interrupted;
    }

    private void tell(SearchTrial trial) {
        spent = spent.plus(trial.time());
        trials.add(trial);
        listener.accept(best.mark(trial));
    }

    /** The same for the same trials, in whatever order they ended. */
    private SearchResult result(Ending ending) {
        BestSoFar byNumber = new BestSoFar(goal);
        List<SearchTrial> sorted =
                trials.stream()
                        .sorted(Comparator.comparingInt(SearchTrial::number))
                        .map(byNumber::mark)
                        .toList();
        return new SearchResult(goal, sorted, ending);
    }

    /** Marks each trial that is better than all before it. */
    private static final class BestSoFar {

        private final Comparator<SearchTrial> order;
        private Optional<SearchTrial> best = Optional.empty();

        BestSoFar(Goal goal) {
            Comparator<SearchTrial> outcomes =
                    Comparator.comparing(one -> one.outcome().orElseThrow(), goal.ranking());
            order = outcomes.thenComparing(SearchTrial::number);
        }

        SearchTrial mark(SearchTrial trial) {
            if (trial.outcome().isEmpty()
                    || (best.isPresent() && order.compare(trial, best.get()) > 0)) {
                return trial;
            }
            best = Optional.of(trial);
            return trial.asBest();
        }
    }
}
