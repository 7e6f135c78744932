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
    private final List<Step> steps;
    private int number;

    /** The trials of one effort that have ended, and the strategies that went on to the next. */
    private record Step(int effort, List<SearchTrial> ended, Set<Strategy> climbed) {

        Step(int effort) {
            this(effort, new ArrayList<>(), new HashSet<>());
        }
    }

    AsynchronousPlan(Sampler sampler, SearchMethod.AsynchronousHalving method, Goal goal) {
        this.sampler = sampler;
        factor = method.factor();
        steps = method.efforts().stream().map(Step::new).toList();
        Comparator<SearchTrial> best =
                Comparator.comparing(trial -> trial.outcome().orElseThrow(), goal.ranking());
        bestFirst = best.thenComparing(SearchTrial::number);
    }

    @Override
    public Optional<Assignment> next() {
        for (int i = steps.size() - 2; i >= 0; --i) {
            Optional<Strategy> climbing = climb(steps.get(i));
            if (climbing.isPresent()) {
                return Optional.of(assign(climbing.get(), steps.get(i + 1)));
            }
        }
        return sampler.next().map(strategy -> assign(strategy, steps.get(0)));
    }

    private Assignment assign(Strategy strategy, Step step) {
        return new Assignment(++number, strategy, step.effort());
    }

    /** Takes the best of a step's best part that has not gone on yet. */
    private Optional<Strategy> climb(Step step) {
        Optional<Strategy> climbing =
                step.ended().stream()
                        .filter(trial -> trial.outcome().isPresent())
                        .sorted(bestFirst)
                        .limit(step.ended().size() / factor)
                        .map(SearchTrial::strategy)
                        .filter(strategy -> !step.climbed().contains(strategy))
                        .findFirst();
        climbing.ifPresent(step.climbed()::add);
        return climbing;
    }

    @Override
    public void add(SearchTrial trial) {
        steps.stream()
                .filter(step -> step.effort() == trial.effort())
                .forEach(step -> step.ended().add(trial));
    }

    @Override
    public boolean followsOrder() {
        return true;
    }
}
