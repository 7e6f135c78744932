package dev.bonsai.search;

import dev.bonsai.search.SearchMethod.Rung;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;

/** Says what to try next; depends on the seed and on what the trials so far gave, nothing else. */
final class SuccessiveHalving {

    private final Sampler sampler;
    private final List<Rung> rungs;
    private final Comparator<SearchTrial> bestFirst;

    private int rung;
    private int number;
    private final Queue<Strategy> waiting = new ArrayDeque<>();
    private final List<SearchTrial> tried = new ArrayList<>();

    SuccessiveHalving(Sampler sampler, SearchMethod method, Goal goal) {
        this.sampler = sampler;
        rungs = method.rungs();
        bestFirst = Comparator.comparing(trial -> trial.outcome().orElseThrow(), goal.ranking());
    }

    /** Returns the next trial; empty when every strategy has been tried. */
    Optional<Assignment> next() {
        if (waiting.isEmpty()) {
            climb();
        }
        if (waiting.isEmpty()) {
            begin();
        }
        return Optional.ofNullable(waiting.poll())
                .map(strategy -> new Assignment(++number, strategy, rungs.get(rung).effort()));
    }

    /** Takes note of how the last trial went. */
    void add(SearchTrial trial) {
        tried.add(trial);
    }

    private void climb() {
        if (rung + 1 == rungs.size()) {
            return;
        }
        long planned = rungs.get(rung).strategies();
        long share = (long) tried.size() * rungs.get(rung + 1).strategies() / planned;
        tried.stream()
                .filter(trial -> trial.outcome().isPresent())
                .sorted(bestFirst) // stable: of equals the one tried first
                .limit(Math.max(1, share))
                .forEach(trial -> waiting.add(trial.strategy()));
        tried.clear();
        ++rung;
    }

    private void begin() {
        rung = 0;
        tried.clear();
        Stream.generate(sampler::next)
                .limit(rungs.get(0).strategies())
                .takeWhile(Optional::isPresent)
                .forEach(strategy -> waiting.add(strategy.get()));
    }
}
