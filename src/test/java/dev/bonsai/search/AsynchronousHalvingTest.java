package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.search.SearchMethod.AsynchronousHalving;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.testng.annotations.Test;

/** The rules of ASHA, told apart from its code, at each moment of random courses. */
public class AsynchronousHalvingTest extends TemporaryFiles {

    private static final Goal GOAL = Goal.maxBytes(4);

    /** 300 strategies. */
    private static final Choice<Integer> NUMBER =
            new Choice<>("number", java.util.stream.IntStream.range(0, 300).boxed().toList());

    private static final SearchSpace SPACE = SearchSpace.builder().addChoice(NUMBER).build();

    private static AsynchronousPlan plan(AsynchronousHalving method, SearchSpace space) {
        return new AsynchronousPlan(new Sampler(space, List.of(), 1), method, GOAL);
    }

    private static AsynchronousHalving method(int rungs, int effort, int factor) {
        return (AsynchronousHalving) SearchMethod.asynchronousHalving(rungs, effort, factor);
    }

    @Test
    void effortsGrowByTheFactor() {
        assertEquals(method(3, 2, 3).efforts(), List.of(2, 6, 18));
        assertEquals(method(2, 5, 4).efforts(), List.of(5, 20));
    }

    @Test
    void eachTrialIsTheOneThatTheRulesName() {
        AsynchronousHalving method = method(4, 1, 3);
        for (long seed = 0; seed < 20; ++seed) {
            Random random = new Random(seed);
            AsynchronousPlan plan = plan(method, SPACE);
            List<Assignment> underWay = new ArrayList<>();
            List<SearchTrial> ended = new ArrayList<>();
            List<Assignment> all = new ArrayList<>();
            for (int i = 0; i < 200; ++i) {
                Assignment next = plan.next().orElseThrow();
                assertEquals(next.number(), i + 1);
                checkRule(method, next, all, ended);
                all.add(next);
                underWay.add(next);
                while (underWay.size() > random.nextInt(12)) {
                    Assignment of = underWay.remove(random.nextInt(underWay.size()));
                    SearchTrial trial = SearchTrial.of(of, attempt(random));
                    ended.add(trial);
                    plan.add(trial);
                }
            }
            Set<Integer> efforts = new HashSet<>();
            all.forEach(trial -> efforts.add(trial.effort()));
            assertEquals(efforts, new HashSet<>(method.efforts()));
        }
    }

    private static Attempt attempt(Random random) {
        return random.nextInt(6) == 0
                ? Attempt.failed("bad luck", Duration.ZERO)
                : Attempt.succeeded(
                        new Outcome(random.nextInt(8), random.nextInt(8) / 8.0), Duration.ZERO);
    }

    /** The highest rung with a strategy that may go on; the best of these; else a new one. */
    private static void checkRule(
            AsynchronousHalving method,
            Assignment next,
            List<Assignment> asked,
            List<SearchTrial> ended) {
        List<Integer> efforts = method.efforts();
        for (int rung = efforts.size() - 2; rung >= 0; --rung) {
            int effort = efforts.get(rung);
            int higher = efforts.get(rung + 1);
            List<SearchTrial> here = ended.stream().filter(t -> t.effort() == effort).toList();
            Optional<Strategy> expected =
                    here.stream()
                            .filter(trial -> trial.outcome().isPresent())
                            .filter(trial -> before(trial, here) < here.size() / method.factor())
                            .filter(
                                    trial ->
                                            asked.stream()
                                                    .noneMatch(
                                                            a ->
                                                                    a.effort() == higher
                                                                            && a.strategy()
                                                                                    .equals(
                                                                                            trial
                                                                                                    .strategy())))
                            .min((a, b) -> before(a, b) ? -1 : 1)
                            .map(SearchTrial::strategy);
            if (expected.isPresent()) {
                assertEquals(next.strategy(), expected.get());
                assertEquals(next.effort(), higher);
                return;
            }
        }
        assertEquals(next.effort(), (int) efforts.get(0));
        assertTrue(asked.stream().noneMatch(a -> a.strategy().equals(next.strategy())), "new");
    }

    private static long before(SearchTrial trial, List<SearchTrial> others) {
        return others.stream()
                .filter(other -> other.outcome().isPresent() && before(other, trial))
                .count();
    }

    private static boolean before(SearchTrial a, SearchTrial b) {
        int order = GOAL.ranking().compare(a.outcome().orElseThrow(), b.outcome().orElseThrow());
        return order != 0 ? order < 0 : a.number() < b.number();
    }

    @Test
    void nobodyWaitsAsLongAsThereAreStrategies() {
        AsynchronousPlan plan = plan(method(4, 1, 3), SPACE);
        for (int i = 0; i < 300; ++i) {
            assertEquals(plan.next().orElseThrow().effort(), 1, "none has ended");
        }
        assertEquals(plan.next(), Optional.empty());
    }

    @Test
    void aSmallSpaceIsSearchedToItsEnd() throws Exception {
        SearchResult result =
                Toy.search(file("journal"))
                        .optMethod(SearchMethod.asynchronousHalving(3, 1, 3))
                        .optMaxTrials(1_000)
                        .setExperiment(
                                (s, effort) ->
                                        new Outcome(s.hashCode() & Integer.MAX_VALUE, effort))
                        .build()
                        .run();
        assertEquals(result.ending(), Ending.ALL_TRIED);
        for (int effort : List.of(1, 3, 9)) {
            long trials = result.trials().stream().filter(t -> t.effort() == effort).count();
            assertTrue(effort == 1 ? trials == 18 : trials >= 18 / (3 * effort), "" + trials);
        }
    }

    @Test
    void aKilledSearchAsksForWhatItWouldHaveAskedFor() throws Exception {
        StrategySearch.Builder search =
                Toy.search(file("journal"))
                        .optMethod(SearchMethod.asynchronousHalving(3, 1, 2))
                        .optRunner(TrialRunner.threads(3))
                        .optMaxTrials(24);
        SearchResult whole = search.build().run();
        List<String> lines = Files.readAllLines(file("journal"));
        assertTrue(lines.stream().filter(line -> line.startsWith("{\"asked\"")).count() >= 24);
        for (int kept = 1; kept <= lines.size(); ++kept) {
            Path cut = file("cut" + kept);
            Files.write(cut, lines.subList(0, kept));
            SearchResult resumed =
                    search.setJournal(cut).optRunner(TrialRunner.inTurn()).build().run();
            List<String> now = Files.readAllLines(cut);
            assertEquals(now.subList(0, kept), lines.subList(0, kept));
            List<String> asked = asked(lines.subList(0, kept));
            assertEquals(asked(now).subList(0, asked.size()), asked);
            assertEquals(new HashSet<>(asked(now)).size(), asked(now).size(), "asked for once");
            for (int i = 0; i < asked.size(); ++i) {
                SearchTrial trial = resumed.trials().get(i);
                SearchTrial before = whole.trials().get(i);
                assertEquals(trial.strategy(), before.strategy());
                assertEquals(trial.effort(), before.effort());
                assertEquals(trial.outcome(), before.outcome());
            }
        }
    }

    private static List<String> asked(List<String> lines) {
        return lines.stream().filter(line -> line.startsWith("{\"asked\"")).toList();
    }

    @Test
    void journalThatTheRulesWouldNotHaveWrittenIsRefused() throws Exception {
        StrategySearch.Builder search =
                Toy.search(file("journal"))
                        .optMethod(SearchMethod.asynchronousHalving(3, 1, 2))
                        .optMaxTrials(12);
        search.build().run();
        List<String> lines = Files.readAllLines(file("journal"));
        for (int i = 1; i < lines.size() - 1; ++i) {
            List<String> fewer = new ArrayList<>(lines);
            fewer.remove(i);
            Files.write(file("journal"), fewer);
            try {
                SearchResult result = search.build().run();
                assertTrue(lines.get(i).startsWith("{\"trial\""), "a result that was lost");
                assertEquals(result.trials().size(), 12);
            } catch (JournalException e) {
                assertTrue(e.getMessage().contains("expected "), e.getMessage());
            }
        }
    }

    @Test
    void mistakesAreNamed() {
        assertMistake("rungs is 2 or more, but got 1", 1, 1, 2);
        assertMistake("effort is 1 or more, but got 0", 2, 0, 2);
        assertMistake("factor is 2 or more, but got 1", 2, 1, 1);
        assertMistake("lower one", 32, 1, 2);
        SearchMethod.asynchronousHalving(31, 1, 2);
    }

    private static void assertMistake(String message, int rungs, int effort, int factor) {
        String said =
                expectThrows(
                                IllegalArgumentException.class,
                                () -> SearchMethod.asynchronousHalving(rungs, effort, factor))
                        .getMessage();
        assertTrue(said.contains(message), said);
    }
}
