package dev.bonsai.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Asynchronous successive halving: whoever is free takes the best strategy that may climb, from the
 * highest rung on which there is one, or else a new strategy. Nobody waits.
 */
final class AsynchronousPlan implements TrialPlan {

    private final Sampler sampler;
    private final int factor;
    private final Comparator<SearchTrial> bestFirst;
    private final List<Rung> rungs;
    private int number;

    /** The trials of one effort that have ended, and the strategies that went on to the next. */
    private record Rung(int effort, List<SearchTrial> ended, Set<Strategy> climbed) {

        Rung(int effort) {
            this(effort, new ArrayList<>(), new HashSet<>());
        }
    }

    AsynchronousPlan(Sampler sampler, SearchMethod.AsynchronousHalving method, Goal goal) {
        this.sampler = sampler;
        factor = method.factor();
        rungs = method.efforts().stream().map(Rung::new).toList();
        Comparator<SearchTrial> best =
                Comparator.comparing(trial -> trial.outcome().orElseThrow(), goal.ranking());
        bestFirst = best.thenComparing(SearchTrial::number);
    }

    @Override
    public Optional<Assignment> next() {
        for (int i = rungs.size() - 2; i >= 0; --i) {
            Optional<Strategy> climbing = climb(rungs.get(i));
            if (climbing.isPresent()) {
                return Optional.of(assign(climbing.get(), rungs.get(i + 1)));
            }
        }
        return sampler.next().map(strategy -> assign(strategy, rungs.get(0)));
    }

    private Assignment assign(Strategy strategy, Rung rung) {
        return new Assignment(++number, strategy, rung.effort());
    }

    /** Takes the best of a rung's best part that has not gone on yet. */
    private Optional<Strategy> climb(Rung rung) {
        Optional<Strategy> climbing =
                rung.ended().stream()
                        .filter(trial -> trial.outcome().isPresent())
                        .sorted(bestFirst)
                        .limit(rung.ended().size() / factor)
                        .map(SearchTrial::strategy)
                        .filter(strategy -> !rung.climbed().contains(strategy))
                        .findFirst();
        climbing.ifPresent(rung.climbed()::add);
        return climbing;
    }

    @Override
    public void add(SearchTrial trial) {
        rungs.stream()
                .filter(rung -> rung.effort() == trial.effort())
                .forEach(rung -> rung.ended().add(trial));
    }

    @Override
    public boolean followsOrder() {
        return true;
    }
}
