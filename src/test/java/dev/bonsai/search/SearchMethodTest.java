package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.search.SearchMethod.Bracketed;
import dev.bonsai.search.SearchMethod.Rung;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.testng.Assert.ThrowingRunnable;
import org.testng.annotations.Test;

public class SearchMethodTest {

    /** Runs a method on the toy space; each trial fails with the given probability. */
    private static List<SearchTrial> run(Bracketed method, double failing, long seed) {
        Random random = new Random(seed);
        TrialPlan brackets =
                new BracketPlan(
                        new Sampler(Toy.SPACE, List.of(), seed), method.rungs(), Goal.maxBytes(4));
        List<SearchTrial> trials = new ArrayList<>();
        for (Optional<Assignment> next = brackets.next();
                next.isPresent();
                next = brackets.next()) {
            Outcome outcome = new Outcome(random.nextInt(8), random.nextInt(8) / 8.0);
            Attempt attempt =
                    random.nextDouble() < failing
                            ? Attempt.failed("bad luck", Duration.ZERO)
                            : Attempt.succeeded(outcome, Duration.ZERO);
            SearchTrial trial = SearchTrial.of(next.get(), attempt);
            brackets.add(trial);
            trials.add(trial);
        }
        return trials;
    }

    private static Bracketed halving(int strategies, int effort, int factor) {
        return (Bracketed) SearchMethod.successiveHalving(strategies, effort, factor);
    }

    private static Bracketed random(int effort) {
        return (Bracketed) SearchMethod.random(effort);
    }

    private static List<Integer> efforts(List<SearchTrial> trials) {
        return trials.stream().map(SearchTrial::effort).toList();
    }

    @Test
    void rungsAreThoseOfThePaper() {
        assertEquals(
                halving(9, 1, 3).rungs(), List.of(new Rung(9, 1), new Rung(3, 3), new Rung(1, 9)));
        assertEquals(
                halving(11, 2, 2).rungs(),
                List.of(new Rung(11, 2), new Rung(5, 4), new Rung(2, 8), new Rung(1, 16)));
        assertEquals(random(7).rungs(), List.of(new Rung(1, 7)));
        for (int n = 2; n < 100; ++n) {
            for (int factor = 2; factor <= Math.min(n, 5); ++factor) {
                List<Rung> rungs = halving(n, 3, factor).rungs();
                for (int i = 0; i < rungs.size(); ++i) {
                    int power = (int) Math.round(Math.pow(factor, i));
                    assertEquals(rungs.get(i), new Rung(n / power, 3 * power));
                }
                assertTrue(rungs.get(rungs.size() - 1).strategies() / factor == 0);
            }
        }
    }

    @Test
    void randomSearchTriesEveryStrategyWithTheSameEffort() {
        List<SearchTrial> trials = run(random(7), 0.2, 1);
        assertEquals(trials.stream().map(SearchTrial::strategy).distinct().count(), 18);
        assertTrue(efforts(trials).stream().allMatch(effort -> effort == 7));
        assertEquals(trials.size(), 18);
    }

    @Test
    void bracketsFollowOneAnother() {
        List<Integer> bracket = List.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 9);
        List<Integer> both = new ArrayList<>(bracket);
        both.addAll(bracket);
        assertEquals(efforts(run(halving(9, 1, 3), 0, 1)), both);
    }

    @Test
    void lastBracketIsSmallerInProportion() {
        // 18 strategies: 16 and then 2, of which 2 * 8 / 16 = 1 goes on, and so on to the end
        List<Integer> efforts = efforts(run(halving(16, 1, 2), 0, 1));
        assertEquals(efforts.subList(31, efforts.size()), List.of(1, 1, 2, 4, 8, 16));
    }

    @Test
    void theBestOfARungGoOn() {
        Goal goal = Goal.maxBytes(4);
        for (long seed = 0; seed < 200; ++seed) {
            List<SearchTrial> trials = run(halving(18, 1, 3), 0.3, seed);
            List<SearchTrial> first = trials.subList(0, 18);
            List<SearchTrial> second =
                    trials.stream().filter(trial -> trial.effort() == 3).toList();
            long succeeded = first.stream().filter(t -> t.outcome().isPresent()).count();
            assertEquals(second.size(), Math.min(6, succeeded));
            for (SearchTrial trial : first) {
                boolean went = second.stream().anyMatch(t -> t.strategy().equals(trial.strategy()));
                long before = first.stream().filter(t -> precedes(goal, t, trial)).count();
                assertEquals(went, trial.outcome().isPresent() && before < 6);
            }
        }
    }

    private static boolean precedes(Goal goal, SearchTrial a, SearchTrial b) {
        if (a.outcome().isEmpty() || b.outcome().isEmpty()) {
            return a.outcome().isPresent();
        }
        int order = goal.ranking().compare(a.outcome().get(), b.outcome().get());
        return order != 0 ? order < 0 : a.number() < b.number();
    }

    @Test
    void whenAllFailTheNextBracketBegins() {
        List<SearchTrial> trials = run(halving(4, 1, 2), 1, 1);
        assertEquals(trials.stream().map(SearchTrial::strategy).distinct().count(), 18);
        assertEquals(trials.size(), 18);
    }

    @Test
    void mistakesAreNamed() {
        assertMistake("effort is 1 or more, but got 0", () -> SearchMethod.random(0));
        assertMistake("factor is 2 or", () -> SearchMethod.successiveHalving(9, 1, 1));
        assertMistake("strategies is 3 or", () -> SearchMethod.successiveHalving(2, 1, 3));
        assertMistake("effort is 1 or", () -> SearchMethod.successiveHalving(9, 0, 3));
        int most = Integer.MAX_VALUE;
        SearchMethod.successiveHalving(2, most / 2, 2);
        assertMistake("lower one", () -> SearchMethod.successiveHalving(2, most / 2 + 1, 2));
        assertMistake("lower one", () -> SearchMethod.successiveHalving(most, most, 2));
        assertMistake("lower one", () -> SearchMethod.successiveHalving(most, most, most));
    }

    private static void assertMistake(String message, ThrowingRunnable mistake) {
        String said = expectThrows(IllegalArgumentException.class, mistake).getMessage();
        assertTrue(said.contains(message), said);
    }
}
