package dev.bonsai.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A {@link SearchResult} for people. */
final class ResultTable {

    private ResultTable() {}

    static String of(SearchResult result) {
        Optional<SearchTrial> best = result.best();
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "  %5s %6s %13s %11s  %s",
                        "trial",
                        "effort",
                        "bytes",
                        "metric",
                        "strategy"));
        for (SearchTrial trial : result.front()) {
            lines.add(row(trial, best.equals(Optional.of(trial))));
        }
        lines.add(summary(result));
        lines.add(verdict(result, best));
        return String.join(System.lineSeparator(), lines);
    }

    private static String row(SearchTrial trial, boolean best) {
        Outcome outcome = trial.outcome().orElseThrow();
        return String.format(
                Locale.ROOT,
                "%s %5d %6d %,13d %11.5g  %s",
                best ? "*" : " ",
                trial.number(),
                trial.effort(),
                outcome.bytes(),
                outcome.metric(),
                trial.strategy());
    }

    private static String summary(SearchResult result) {
        Duration time = result.time();
        List<SearchTrial> failed =
                result.trials().stream().filter(trial -> trial.failure().isPresent()).toList();
        String failures =
                failed.isEmpty()
                        ? "none failed"
                        : String.format(
                                Locale.ROOT,
                                "%d failed, first trial %d: %s",
                                failed.size(),
                                failed.get(0).number(),
                                failed.get(0).failure().orElseThrow());
        return String.format(
                Locale.ROOT,
                "%d trials in %d:%02d:%02d h, %s; %s",
                result.trials().size(),
                time.toHours(),
                time.toMinutesPart(),
                time.toSecondsPart(),
                failures,
                result.ending());
    }

    private static String verdict(SearchResult result, Optional<SearchTrial> best) {
        if (best.isEmpty()) {
            return "no trial succeeded, so there is nothing for the goal of " + result.goal();
        }
        return String.format(
                Locale.ROOT,
                result.isGoalMet()
                        ? "trial %d (*) has %s"
                        : "the goal was missed: trial %d (*) is the nearest to %s",
                best.get().number(),
                result.goal());
    }
}
