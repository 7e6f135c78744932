package dev.bonsai.search;

import dev.bonsai.text.Numbers;
import dev.bonsai.text.TextTable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A {@link SearchResult} for people. */
final class ResultTable {

    private ResultTable() {}

    static String of(SearchResult result) {
        Optional<SearchTrial> best = result.best();
        TextTable table = new TextTable("", "#trial", "#effort", "#bytes", "#metric", "strategy");
        result.front().forEach(trial -> row(table, trial, best.equals(Optional.of(trial))));
        return String.join(
                System.lineSeparator(), table.toString(), summary(result), verdict(result, best));
    }

    private static void row(TextTable table, SearchTrial trial, boolean best) {
        Outcome outcome = trial.outcome().orElseThrow();
        table.row(
                best ? "*" : "",
                Integer.toString(trial.number()),
                Integer.toString(trial.effort()),
                Numbers.count(outcome.bytes()),
                Numbers.metric(outcome.metric()),
                trial.strategy().toString());
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
