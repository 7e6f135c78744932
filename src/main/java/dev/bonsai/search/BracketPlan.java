package dev.bonsai.search;

import dev.bonsai.search.SearchMethod.Rung;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Brackets one after the other. The trials of a rung may end in any order: the next rung begins
 * when all have, and takes them by their numbers. The next bracket begins when the last rung has
 * been asked for, as it depends on no result.
 */
final class BracketPlan implements TrialPlan {

    private final Sampler sampler;
    private final List<Rung> rungs;
    private final Comparator<SearchTrial> bestFirst;

    private int rung;
    private int number;
    private final Queue<Strategy> waiting = new ArrayDeque<>();

    /** Of the rung: the numbers of the trials under way, and the others by their numbers. */
    private final Set<Integer> underWay = new HashSet<>();

    private final Map<Integer, SearchTrial> tried = new TreeMap<>();

    BracketPlan(Sampler sampler, List<Rung> rungs, Goal goal) {
        this.sampler = sampler;
        this.rungs = List.copyOf(rungs);
        bestFirst = Comparator.comparing(trial -> trial.outcome().orElseThrow(), goal.ranking());
    }

    @Override
    public Optional<Assignment> next() {
        if (waiting.isEmpty() && rung + 1 < rungs.size()) {
            if (!underWay.isEmpty()) {
                return Optional.empty();
            }
            climb();
        }
        if (waiting.isEmpty()) {
            begin();
        }
        Optional<Assignment> next =
                Optional.ofNullable(waiting.poll())
                        .map(strategy -> new Assignment(++number, strategy, effort()));
        next.ifPresent(assignment -> underWay.add(assignment.number()));
        return next;
    }

    private int effort() {
        return rungs.get(rung).effort();
    }

    @Override
    public void add(SearchTrial trial) {
        if (underWay.remove(trial.number())) { // else it is of a bracket's last rung, and decides
            tried.put(trial.number(), trial); // nothing any more
        }
    }

    @Override
    public boolean followsOrder() {
        return false;
    }

    private void climb() {
        long planned = rungs.get(rung).strategies();
        long share = (long) tried.size() * rungs.get(rung + 1).strategies() / planned;
        tried.values().stream()
                .filter(trial -> trial.outcome().isPresent())
                .sorted(bestFirst) // stable: of equals the one asked for first
                .limit(Math.max(1, share))
                .forEach(trial -> waiting.add(trial.strategy()));
        tried.clear();
        ++rung;
    }

    private void begin() {
        rung = 0;
        underWay.clear();
        tried.clear();
        Stream.generate(sampler::next)
                .limit(rungs.get(0).strategies())
                .takeWhile(Optional::isPresent)
                .forEach(strategy -> waiting.add(strategy.get()));
    }
}
