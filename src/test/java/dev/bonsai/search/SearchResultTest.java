package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.testng.annotations.Test;

public class SearchResultTest {

    private static SearchResult result(Goal goal, List<Outcome> outcomes) {
        List<SearchTrial> trials = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            trials.add(Toy.trial(trials.size() + 1, outcome));
        }
        return new SearchResult(goal, trials, Ending.TRIALS_SPENT);
    }

    private static boolean dominates(Better better, Outcome a, Outcome b) {
        int metric = better.bestFirst().compare(a, b);
        return a.bytes() <= b.bytes() && metric <= 0 && !a.equals(b);
    }

    /** Every number of outcomes from the least on, each with 15 seeds. */
    private static List<List<Outcome>> outcomes(int least) {
        List<List<Outcome>> all = new ArrayList<>();
        for (int count = least; count < 20; ++count) {
            for (int seed = 0; seed < 15; ++seed) {
                all.add(Toy.outcomes(count, seed));
            }
        }
        return all;
    }

    @Test(dataProvider = "goals", dataProviderClass = GoalTest.class)
    void frontIsWhatNothingDominates(Goal goal) {
        for (List<Outcome> outcomes : outcomes(0)) {
            List<SearchTrial> front = result(goal, outcomes).front();
            Set<Outcome> expected = new HashSet<>();
            for (Outcome outcome : outcomes) {
                if (outcomes.stream().noneMatch(o -> dominates(goal.better(), o, outcome))) {
                    expected.add(outcome);
                }
            }
            List<Outcome> found = front.stream().map(t -> t.outcome().orElseThrow()).toList();
            assertEquals(new HashSet<>(found), expected);
            assertEquals(found.size(), expected.size(), "none twice");
            for (int i = 1; i < found.size(); ++i) {
                assertTrue(found.get(i - 1).bytes() < found.get(i).bytes(), "by bytes");
            }
            for (SearchTrial trial : front) {
                assertEquals(outcomes.indexOf(trial.outcome().orElseThrow()) + 1, trial.number());
            }
        }
    }

    @Test(dataProvider = "goals", dataProviderClass = GoalTest.class)
    void bestIsOnTheFront(Goal goal) {
        for (List<Outcome> outcomes : outcomes(1)) {
            SearchResult result = result(goal, outcomes);
            SearchTrial best = result.best().orElseThrow();
            assertTrue(result.front().contains(best));
            for (SearchTrial trial : result.trials()) {
                int order =
                        goal.ranking()
                                .compare(
                                        best.outcome().orElseThrow(),
                                        trial.outcome().orElseThrow());
                assertTrue(order < 0 || (order == 0 && best.number() <= trial.number()));
            }
            assertEquals(result.isGoalMet(), goal.isMet(best.outcome().orElseThrow()));
        }
    }

    private static SearchResult small(Goal goal) {
        SearchTrial failed =
                new SearchTrial(
                        3,
                        Toy.SPACE.first(),
                        1,
                        Optional.empty(),
                        Optional.of("java.io.IOException: disk full"),
                        Duration.ofMillis(3_723_004),
                        false);
        return new SearchResult(
                goal,
                List.of(
                        Toy.trial(1, new Outcome(12_345, 0.98765)),
                        Toy.trial(2, new Outcome(1_000, 0.5)),
                        failed),
                Ending.TIME_SPENT);
    }

    @Test
    void tableIsAligned() {
        assertEquals(
                small(Goal.maxBytes(2_000)).toString().lines().toList(),
                List.of(
                        "   trial  effort   bytes  metric  strategy",
                        "*      2       1   1,000  0.5000  sparsity=0.9 bits=2 kind=HIGHER",
                        "       1       1  12,345  0.9877  sparsity=0.9 bits=2 kind=HIGHER",
                        "3 trials in 1:02:03 h, 1 failed, first trial 3: java.io.IOException: disk"
                                + " full; the budget of time is spent",
                        "trial 2 (*) has the highest metric within 2000 bytes"));
    }

    @Test
    void missedGoalIsSaid() {
        SearchResult missed = small(Goal.minMetric(0.99));
        assertFalse(missed.isGoalMet());
        assertTrue(
                missed.toString()
                        .endsWith(
                                "the goal was missed: trial 1 (*) is the nearest to the fewest bytes"
                                        + " with a metric of at least 0.99"),
                missed.toString());
    }

    @Test
    void resultWithoutASuccessHasNoBest() {
        SearchResult whole = small(Goal.maxBytes(1));
        SearchResult none =
                new SearchResult(whole.goal(), whole.trials().subList(2, 3), Ending.ALL_TRIED);
        assertEquals(none.best(), Optional.empty());
        assertEquals(none.front(), List.of());
        assertFalse(none.isGoalMet());
        assertTrue(none.toString().contains("no trial succeeded"), none.toString());
        assertTrue(
                JsonParser.parseString(none.toJson()).getAsJsonObject().get("best").isJsonNull());
    }

    @Test
    void jsonHasEverything() {
        JsonObject json =
                JsonParser.parseString(small(Goal.maxBytes(2_000)).toJson()).getAsJsonObject();
        assertEquals(json.get("goal").getAsString(), "the highest metric within 2000 bytes");
        assertTrue(json.get("goalMet").getAsBoolean());
        assertEquals(json.get("ending").getAsString(), "TIME_SPENT");
        assertEquals(json.getAsJsonArray("front").size(), 2);
        assertEquals(json.getAsJsonArray("trials").size(), 3);
        JsonObject best = json.getAsJsonObject("best");
        assertEquals(best.get("trial").getAsInt(), 2);
        assertEquals(best.get("bytes").getAsLong(), 1_000);
        assertEquals(best.get("metric").getAsDouble(), 0.5);
        assertEquals(best.getAsJsonObject("strategy").get("bits").getAsInt(), 2);
        JsonObject failed = json.getAsJsonArray("trials").get(2).getAsJsonObject();
        assertEquals(failed.get("failure").getAsString(), "java.io.IOException: disk full");
        assertEquals(failed.get("millis").getAsLong(), 3_723_004);
        assertFalse(failed.has("bytes"));
    }
}
