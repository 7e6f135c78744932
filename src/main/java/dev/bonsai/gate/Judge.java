package dev.bonsai.gate;

import dev.bonsai.statistics.Comparison;
import dev.bonsai.statistics.ErrorBudget;
import dev.bonsai.statistics.Outcomes;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/**
 * Says what the gates can say of a state, and counts how often they were asked: each look spends a
 * part of the chance of an error, see {@link Gate.Builder#optConfidence}.
 */
final class Judge {

    private final List<Gate> gates;
    private final boolean looksAtMore;
    private int looks;

    Judge(List<Gate> gates) {
        this.gates = gates;
        looksAtMore = gates.stream().anyMatch(gate -> gate.getMetric().hasMoreData());
    }

    /** Returns how often a state was looked at. */
    int looks() {
        return looks;
    }

    /** Goes on where another judge stood. */
    void resume(int looksSoFar) {
        looks = looksSoFar;
    }

    /** Tells whether a state on which the data doesn't tell is accepted in the end. */
    boolean acceptsAtLast(Judgement judgement) {
        return judgement == Judgement.PASSES
                || (judgement == Judgement.UNDECIDED
                        && gates.stream().allMatch(g -> g.getUndecided() == Undecided.ACCEPTED));
    }

    /**
     * Judges a state: by the gates' data, and by further data unless that fails it. What passes has
     * been measured on all data, as it may become what others are compared with.
     */
    Tried judge(Reference reference, Tried first, UnaryOperator<Metrics> measureMore) {
        Judgement judgement = look(reference, first.metrics());
        if (judgement == Judgement.FAILS || !looksAtMore) {
            return new Tried(first.level(), first.metrics(), judgement);
        }
        Metrics all = measureMore.apply(first.metrics());
        boolean passed = judgement == Judgement.PASSES;
        return new Tried(first.level(), all, passed ? judgement : look(reference, all));
    }

    private Judgement look(Reference reference, Metrics state) {
        Judgement worst = Judgement.PASSES;
        for (int i = 0; i < gates.size(); ++i) {
            worst = worst.and(look(i, reference, state));
        }
        ++looks;
        return worst;
    }

    private Judgement look(int i, Reference reference, Metrics state) {
        Gate gate = gates.get(i);
        Direction direction = gate.getMetric().direction();
        double best = reference.best().value(i);
        if (gate.getConfidence().isEmpty() || !Double.isFinite(state.value(i))) {
            return gate.getTolerance().accepts(direction, best, state.value(i))
                    ? Judgement.PASSES
                    : Judgement.FAILS;
        }
        double confidence = gate.getConfidence().getAsDouble();
        Test test = new Test(1 - confidence, new ErrorBudget(1 - confidence, looks).next());
        Judgement judgement = Judgement.PASSES;
        double margin = gate.getTolerance().margin(best);
        if (Double.isFinite(margin)) {
            judgement = test.judge(pairs(i, reference, state), margin);
        }
        OptionalDouble floor = gate.getTolerance().floor();
        if (floor.isPresent() && Double.isFinite(floor.getAsDouble())) {
            boolean up = direction == Direction.HIGHER_IS_BETTER;
            Outcomes all = Outcomes.join(state.gate(i).outcomes());
            Comparison single = Comparison.withBound(all, floor.getAsDouble(), up);
            judgement = judgement.and(test.judge(single, 0));
        }
        return judgement;
    }

    private Comparison pairs(int i, Reference reference, Metrics state) {
        return reference
                .compare(i, state)
                .orElseThrow(
                        () ->
                                new EvaluationDataException(
                                        String.format(
                                                Locale.ROOT,
                                                "With optConfidence states are compared sample by"
                                                        + " sample, but the labels of the gate's data"
                                                        + " are not those that the best %s was measured"
                                                        + " on: have the data set give the same samples"
                                                        + " in the same order each time",
                                                gates.get(i).getMetric().name())));
    }

    /** Checks that states can be compared in the way that the gates ask for. */
    void checkBaseline(Metrics baseline) {
        for (int i = 0; i < gates.size(); ++i) {
            if (gates.get(i).getConfidence().isPresent()
                    && baseline.gate(i).outcomes().stream().mapToInt(Outcomes::count).sum() < 2) {
                throw new IllegalStateException(
                        String.format(
                                Locale.ROOT,
                                "optConfidence needs a metric that is a mean over two or more"
                                        + " samples or batches, and %s on this data is not: leave"
                                        + " out optConfidence, or use an evaluator such as"
                                        + " Accuracy, a loss, or one whose metric of all data is"
                                        + " the mean of those of its batches",
                                gates.get(i).getMetric().name()));
            }
        }
    }

    /**
     * A one-sided test in both directions.
     *
     * @param alpha the chance with which a state that is within tolerance may be failed
     * @param budgeted the chance with which one that is not may pass
     */
    private record Test(double alpha, double budgeted) {

        Judgement judge(Comparison drop, double bound) {
            if (drop.pWithin(bound) <= budgeted) {
                return Judgement.PASSES;
            }
            return drop.pBeyond(bound) <= alpha ? Judgement.FAILS : Judgement.UNDECIDED;
        }
    }
}
