package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNull;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** An interrupted search ends as an uninterrupted one does. */
public class ResumeTest extends TemporaryFiles {

    private static final int TRIALS = 16;

    private static SearchResult run(StrategySearch.Builder search) throws Exception {
        return search.optRunner(Toy.inTurn()).build().run();
    }

    private StrategySearch.Builder search(String name) {
        return Toy.search(file(name)).optMaxTrials(TRIALS);
    }

    @DataProvider
    Object[][] methods() {
        return new Object[][] {
            {SearchMethod.random(2)}, {SearchMethod.successiveHalving(6, 1, 2)},
        };
    }

    @Test(dataProvider = "methods")
    void interruptionAfterAnyTrialChangesNothing(SearchMethod method) throws Exception {
        SearchResult expected = run(search("whole").optMethod(method));
        assertEquals(expected.trials().size(), TRIALS);
        for (int k = 0; k < TRIALS; ++k) {
            String name = "interrupted" + k;
            List<String> ran = new ArrayList<>();
            Experiment counted =
                    (strategy, effort) -> {
                        ran.add(strategy + " " + effort);
                        return Toy.measure(strategy, effort);
                    };
            int last = k;
            Experiment broken =
                    (strategy, effort) -> {
                        if (ran.size() == last) {
                            throw new AssertionError("power cut");
                        }
                        return counted.run(strategy, effort);
                    };
            StrategySearch.Builder search = search(name).optMethod(method);
            expectThrows(AssertionError.class, () -> run(search.setExperiment(broken)));
            assertEquals(ran.size(), k);
            assertEquals(run(search.setExperiment(counted)), expected);
            assertEquals(
                    ran,
                    expected.trials().stream().map(t -> t.strategy() + " " + t.effort()).toList());
        }
    }

    @Test
    void listenerIsToldOnceItIsInTheJournalAndAgainWhenResumed() throws Exception {
        List<SearchTrial> told = new ArrayList<>();
        StrategySearch.Builder search =
                search("journal")
                        .optListener(
                                trial -> {
                                    told.add(trial);
                                    assertTrue(lines() > trial.number(), "in the journal");
                                });
        SearchResult result = run(search);
        assertEquals(told, result.trials());
        List<SearchTrial> before = List.copyOf(told);
        told.clear();
        run(search);
        assertEquals(told, before);
    }

    private int lines() {
        try {
            return Files.readAllLines(file("journal")).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theLastBestThatTheListenerHeardOfIsTheBest() throws Exception {
        for (long seed = 0; seed < 20; ++seed) {
            List<SearchTrial> best = new ArrayList<>();
            SearchResult result =
                    run(
                            search("journal" + seed)
                                    .optSeed(seed)
                                    .optListener(
                                            trial -> {
                                                if (trial.best()) {
                                                    best.add(trial);
                                                }
                                            }));
            assertEquals(Optional.of(best.get(best.size() - 1)), result.best());
        }
    }

    @Test
    void listenerThatThrowsLosesNothing() throws Exception {
        SearchResult expected = run(search("whole"));
        for (int k = 1; k <= TRIALS; ++k) {
            int last = k;
            StrategySearch.Builder search = search("thrown");
            expectThrows(
                    IllegalStateException.class,
                    () ->
                            run(
                                    search.optListener(
                                            trial -> {
                                                if (trial.number() == last) {
                                                    throw new IllegalStateException("no disk");
                                                }
                                            })));
            assertEquals(run(search.optListener(t -> {}).optMaxTrials(k)).trials().size(), k);
        }
        assertEquals(run(search("thrown")), expected);
    }

    @Test
    void failedTrialIsRecordedAndNotRunAgain() throws Exception {
        StrategySearch.Builder search = search("journal").optMaxTrials(3);
        SearchResult failed =
                run(
                        search.setExperiment(
                                (strategy, effort) -> {
                                    throw new IOException("disk full");
                                }));
        assertEquals(failed.best(), Optional.empty());
        assertEquals(
                failed.trials().get(2).failure(), Optional.of("java.io.IOException: disk full"));
        SearchResult resumed = run(search.setExperiment(Toy::measure).optMaxTrials(4));
        assertEquals(resumed.trials().subList(0, 3), failed.trials());
        assertEquals(resumed.trials().size(), 4);
    }

    @Test
    void outcomeThatIsNoneIsAFailure() throws Exception {
        List<Experiment> bad =
                List.of((strategy, effort) -> null, (s, e) -> new Outcome(1, Double.NaN));
        for (Experiment experiment : bad) {
            SearchResult result =
                    run(
                            search("journal" + bad.indexOf(experiment))
                                    .optMaxTrials(1)
                                    .setExperiment(experiment));
            String failure = result.trials().get(0).failure().orElseThrow();
            assertTrue(failure.contains("but got NaN") || failure.contains("returned null"));
        }
    }

    @DataProvider
    Object[][] interruptions() {
        Experiment told =
                (strategy, effort) -> {
                    throw new InterruptedException("stop");
                };
        Experiment wrapped =
                (strategy, effort) -> {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("as libraries do");
                };
        Experiment forgotten =
                (strategy, effort) -> {
                    throw new IllegalStateException(
                            "Data loading failed", new InterruptedException("get()"));
                };
        Experiment byChannel =
                (strategy, effort) -> {
                    throw new UncheckedIOException(new ClosedByInterruptException());
                };
        return new Object[][] {{told}, {wrapped}, {forgotten}, {byChannel}};
    }

    @Test
    void causesInACircleAreAFailure() throws Exception {
        IllegalStateException one = new IllegalStateException("one");
        one.initCause(new IllegalStateException("two", one));
        SearchResult result =
                run(
                        search("journal")
                                .optMaxTrials(1)
                                .setExperiment(
                                        (strategy, effort) -> {
                                            throw one;
                                        }));
        assertTrue(result.trials().get(0).failure().orElseThrow().contains("one"));
    }

    @Test(dataProvider = "interruptions")
    void interruptionIsNoFailure(Experiment interrupting) throws Exception {
        StrategySearch.Builder search = search("journal");
        run(search.optMaxTrials(2));
        Throwable e =
                expectThrows(
                        InterruptedException.class,
                        () -> run(search.setExperiment(interrupting).optMaxTrials(TRIALS)));
        assertTrue(e.getMessage().contains("same journal"), e.getMessage());
        assertFalse(Thread.interrupted());
        assertEquals(lines(), 3);
        assertEquals(run(search.setExperiment(Toy::measure)), run(search("whole")));
    }

    @Test
    void trialThatEndsInSpiteOfAnInterruptionIsKept() throws Exception {
        StrategySearch.Builder search = search("journal");
        Throwable e =
                expectThrows(
                        InterruptedException.class,
                        () ->
                                run(
                                        search.setExperiment(
                                                (strategy, effort) -> {
                                                    Thread.currentThread().interrupt();
                                                    return new Outcome(1, 1);
                                                })));
        assertNull(e.getCause());
        assertFalse(Thread.interrupted());
        assertEquals(lines(), 2);
    }
}
