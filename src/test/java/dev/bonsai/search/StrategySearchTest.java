package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class StrategySearchTest extends TemporaryFiles {

    private static SearchResult run(StrategySearch.Builder search) throws Exception {
        return search.optRunner(Toy.inTurn()).build().run();
    }

    @Test
    void sameSeedSameResult() throws Exception {
        SearchResult first = run(Toy.search(file("first")).optMaxTrials(9));
        assertEquals(run(Toy.search(file("second")).optMaxTrials(9)), first);
        assertNotEquals(run(Toy.search(file("third")).optMaxTrials(9).optSeed(6)), first);
    }

    @Test
    void searchEndsWhenEverythingWasTried() throws Exception {
        SearchResult result = run(Toy.search(file("journal")).optMaxTrials(1_000));
        assertEquals(result.ending(), Ending.ALL_TRIED);
        assertEquals(result.trials().size(), Toy.SPACE.size());
    }

    @Test
    void budgetOfTrialsCountsThoseOfTheJournal() throws Exception {
        for (int most : new int[] {1, 2, 5, 5, 9}) {
            SearchResult result = run(Toy.search(file("journal")).optMaxTrials(most));
            assertEquals(result.ending(), Ending.TRIALS_SPENT);
            assertEquals(result.trials().size(), most);
        }
        SearchResult fewer = run(Toy.search(file("journal")).optMaxTrials(3));
        assertEquals(fewer.trials().size(), 9, "what the journal has is never lost");
    }

    @Test
    void budgetOfTimeCountsThatOfTheJournal() throws Exception {
        // each trial takes 1 ms, since the clock is read at its beginning and at its end
        for (int most : new int[] {1, 4, 4, 9}) {
            StrategySearch.Builder search = Toy.search(file("journal"));
            SearchResult result = run(search.optMaxTime(Duration.ofMillis(most)));
            assertEquals(result.ending(), Ending.TIME_SPENT);
            assertEquals(result.time(), Duration.ofMillis(most));
            assertEquals(result.trials().size(), most);
        }
    }

    @Test
    void whatIsSpentFirstEndsTheSearch() throws Exception {
        StrategySearch.Builder search = Toy.search(file("journal"));
        Duration millis = Duration.ofMillis(4);
        assertEquals(run(search.optMaxTime(millis).optMaxTrials(3)).ending(), Ending.TRIALS_SPENT);
        assertEquals(run(search.optMaxTrials(5)).ending(), Ending.TIME_SPENT);
    }

    @Test
    void startsAreTriedFirst() throws Exception {
        Strategy start = Toy.SPACE.first().with(Toy.BITS, 4);
        SearchResult result = run(Toy.search(file("journal")).optMaxTrials(4).addStart(start));
        assertEquals(result.trials().get(0).strategy(), start);
    }

    /** Bits per weight under a goal in bytes: the search finds what counting finds. */
    @Test
    void mixedPrecisionFallsOut() throws Exception {
        int[] sizes = {100, 2_000, 400, 50};
        double[] sensitivities = {0.5, 0.1, 0.3, 0.9};
        SearchSpace.Builder space = SearchSpace.builder();
        List<Choice<Integer>> bits = new ArrayList<>();
        for (int i = 0; i < sizes.length; ++i) {
            bits.add(Choice.of("bits." + i, 2, 3, 4, 8));
            space.addChoice(bits.get(i));
        }
        Experiment experiment =
                (strategy, effort) -> {
                    long bytes = 0;
                    double loss = 0;
                    for (int i = 0; i < sizes.length; ++i) {
                        int b = strategy.get(bits.get(i));
                        bytes += sizes[i] * b / 8;
                        loss += sensitivities[i] * Math.pow(4, -b);
                    }
                    return new Outcome(bytes, loss);
                };
        SearchResult result =
                run(
                        Toy.search(file("journal"))
                                .setSpace(space.build())
                                .setExperiment(experiment)
                                .setGoal(Goal.maxBytes(1_050, Better.LOWER))
                                .optMaxTrials(1_000));
        assertTrue(result.isGoalMet());
        Strategy best = result.best().orElseThrow().strategy();
        double bestLoss = result.best().orElseThrow().outcome().orElseThrow().metric();
        assertEquals(result.trials().size(), 256);
        for (SearchTrial trial : result.trials()) {
            Outcome outcome = trial.outcome().orElseThrow();
            assertTrue(outcome.bytes() > 1_050 || outcome.metric() >= bestLoss);
        }
        assertTrue(best.get(bits.get(1)) < best.get(bits.get(3)), "large ones get fewer: " + best);
    }

    @DataProvider
    Object[][] mistakes() {
        return new Object[][] {
            {"call setSpace", change(s -> StrategySearch.builder())},
            {"call setGoal", change(s -> StrategySearch.builder().setSpace(Toy.SPACE))},
            {
                "call setExperiment",
                change(s -> StrategySearch.builder().setSpace(Toy.SPACE).setGoal(Goal.maxBytes(1)))
            },
            {
                "call setJournal",
                change(
                        s ->
                                StrategySearch.builder()
                                        .setSpace(Toy.SPACE)
                                        .setGoal(Goal.maxBytes(1))
                                        .setExperiment(Toy::measure))
            },
            {"all 18 strategies: call optMaxTrials or optMaxTime", change(s -> s)},
            {"1 or more trials, but got 0", change(s -> s.optMaxTrials(0))},
            {"more than no time, but got PT0S", change(s -> s.optMaxTime(Duration.ZERO))},
            {
                "kind=HIGHER' twice",
                change(s -> s.addStart(Toy.SPACE.first()).addStart(Toy.SPACE.first()))
            },
            {
                "is not of this space",
                change(
                        s ->
                                s.optMaxTrials(1)
                                        .addStart(
                                                SearchSpace.builder()
                                                        .addChoice(Toy.BITS)
                                                        .build()
                                                        .first()))
            },
        };
    }

    private static UnaryOperator<StrategySearch.Builder> change(
            UnaryOperator<StrategySearch.Builder> change) {
        return change;
    }

    @Test(dataProvider = "mistakes")
    void mistakeIsNamed(String message, UnaryOperator<StrategySearch.Builder> mistake) {
        StrategySearch.Builder search = Toy.search(Path.of("unused"));
        String said =
                expectThrows(IllegalArgumentException.class, () -> mistake.apply(search).build())
                        .getMessage();
        assertTrue(said.contains(message), said);
    }
}
