package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Trials that run several at once, and end in any order. */
public class TrialRunnerTest extends TemporaryFiles {

    private static final int TRIALS = 24;
    private static final SearchMethod HALVING = SearchMethod.successiveHalving(6, 1, 2);
    private static final SearchMethod ASYNCHRONOUS = SearchMethod.asynchronousHalving(3, 1, 2);

    /** Trials take no time in the result, and some moments that nobody chose in truth. */
    private record Shuffled(int slots, long seed) implements TrialRunner {

        @Override
        public Attempt run(Experiment experiment, Assignment assignment)
                throws InterruptedException {
            Thread.sleep(new Random(seed * 31 + assignment.number()).nextInt(12));
            return Attempt.at(experiment, assignment, () -> 0);
        }
    }

    private StrategySearch.Builder search(String name, SearchMethod method) {
        return Toy.search(file(name))
                .optMethod(method)
                .optRunner(new Shuffled(1, 0))
                .optMaxTrials(TRIALS);
    }

    @DataProvider
    Object[][] methodsAndSlots() {
        List<Object[]> rows = new ArrayList<>();
        for (SearchMethod method : List.of(SearchMethod.random(2), HALVING)) {
            for (int slots : List.of(1, 2, 3, 8, 100)) {
                rows.add(new Object[] {method, slots});
            }
        }
        return rows.toArray(Object[][]::new);
    }

    @Test(dataProvider = "methodsAndSlots")
    void resultDoesNotDependOnHowManyRunAtOnceOrWhichEndsFirst(SearchMethod method, int slots)
            throws Exception {
        for (int trials : List.of(7, TRIALS, 1_000)) {
            SearchResult expected =
                    search("turn" + trials, method).optMaxTrials(trials).build().run();
            for (long seed = 0; seed < 3; ++seed) {
                StrategySearch.Builder search =
                        search(trials + "at once" + seed, method)
                                .optMaxTrials(trials)
                                .optRunner(new Shuffled(slots, seed));
                assertEquals(search.build().run(), expected);
                assertEquals(search.optRunner(Toy.inTurn()).build().run(), expected, "from lines");
            }
        }
    }

    @Test
    void asManyRunAtOnceAsThereAreSlotsAndNoMore() throws Exception {
        for (SearchMethod method : List.of(SearchMethod.random(1), HALVING, ASYNCHRONOUS)) {
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            CountDownLatch four = new CountDownLatch(4);
            search("journal " + method, method)
                    .optRunner(TrialRunner.threads(4))
                    .setExperiment(
                            (strategy, effort) -> {
                                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                four.countDown();
                                assertTrue(four.await(20, TimeUnit.SECONDS), "four at once");
                                running.decrementAndGet();
                                return new Outcome(1, 1);
                            })
                    .build()
                    .run();
            assertEquals(most.get(), 4, method.toString());
        }
    }

    @Test
    void noMoreTrialsAreBegunThanTheBudgetAllows() throws Exception {
        for (SearchMethod method : List.of(SearchMethod.random(1), HALVING, ASYNCHRONOUS)) {
            for (int most : List.of(1, 5, 11)) {
                AtomicInteger begun = new AtomicInteger();
                SearchResult result =
                        search(most + " " + method, method)
                                .optRunner(new Shuffled(4, most))
                                .optMaxTrials(most)
                                .setExperiment(
                                        (strategy, effort) -> {
                                            begun.incrementAndGet();
                                            return Toy.measure(strategy, effort);
                                        })
                                .build()
                                .run();
                assertEquals(begun.get(), most);
                assertEquals(result.trials().size(), most);
                assertEquals(result.ending(), Ending.TRIALS_SPENT);
            }
        }
    }

    @Test
    void aSearchGoesOnWithAnotherRunner() throws Exception {
        for (SearchMethod method : List.of(SearchMethod.random(1), HALVING, ASYNCHRONOUS)) {
            StrategySearch.Builder search = search("journal " + method, method);
            List<Integer> slots = List.of(1, 5, 2, 7);
            for (int i = 0; i < slots.size(); ++i) {
                SearchResult result =
                        search.optMaxTrials(4 * (i + 1))
                                .optRunner(new Shuffled(slots.get(i), i))
                                .build()
                                .run();
                assertEquals(result.trials().size(), 4 * (i + 1));
            }
            if (method != ASYNCHRONOUS) {
                assertEquals(
                        search.optMaxTrials(TRIALS).build().run(),
                        search("whole" + method, method).build().run());
            }
        }
    }

    @Test
    void everyTrialIsInTheJournalBeforeAnotherTakesItsPlace() throws Exception {
        for (int slots : List.of(1, 3)) {
            AtomicInteger begun = new AtomicInteger();
            search("journal" + slots, HALVING)
                    .optRunner(TrialRunner.threads(slots))
                    .setExperiment(
                            (strategy, effort) -> {
                                int before = begun.getAndIncrement();
                                int written = Files.readAllLines(file("journal" + slots)).size();
                                assertTrue(written - 1 > before - slots, before + ": " + written);
                                return Toy.measure(strategy, effort);
                            })
                    .build()
                    .run();
        }
    }

    @DataProvider
    Object[][] methods() {
        return new Object[][] {{SearchMethod.random(1)}, {HALVING}, {ASYNCHRONOUS}};
    }

    @Test(dataProvider = "methods")
    void anInterruptionStopsWhatRunsAndLosesNothingElse(SearchMethod method) throws Exception {
        Set<String> stopped = ConcurrentHashMap.newKeySet();
        AtomicInteger begun = new AtomicInteger();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread searching = Thread.currentThread();
        StrategySearch.Builder search =
                search("journal", method)
                        .optMaxTrials(12)
                        .optRunner(TrialRunner.threads(3))
                        .setExperiment(
                                (strategy, effort) -> {
                                    if (begun.incrementAndGet() <= 5) {
                                        return Toy.measure(strategy, effort);
                                    }
                                    try {
                                        Thread.sleep(100); // others may begin
                                        if (interrupted.compareAndSet(false, true)) {
                                            searching.interrupt(); // once, as a user would
                                        }
                                        Thread.sleep(20_000);
                                        return new Outcome(0, 0);
                                    } finally {
                                        stopped.add(strategy + " and effort " + effort);
                                    }
                                });
        Throwable e = expectThrows(InterruptedException.class, () -> search.build().run());
        assertTrue(e.getMessage().contains("same journal"), e.getMessage());
        assertFalse(stopped.isEmpty());
        stopped.forEach(one -> assertTrue(e.getMessage().contains(one), e.getMessage()));
        assertFalse(Thread.interrupted());
        long kept = Files.readAllLines(file("journal")).stream().filter(this::isResult).count();
        assertEquals(kept, 5, "all but those that were stopped");
        SearchResult resumed =
                search.setExperiment(Toy::measure).optRunner(new Shuffled(1, 0)).build().run();
        assertEquals(resumed.trials().size(), 12);
        if (method != ASYNCHRONOUS) {
            assertEquals(
                    resumed.trials().stream().map(SearchTrial::outcome).toList(),
                    search("whole", method).optMaxTrials(12).build().run().trials().stream()
                            .map(SearchTrial::outcome)
                            .toList());
        }
    }

    private boolean isResult(String line) {
        return line.startsWith("{\"trial\"");
    }

    @Test
    void anErrorEndsTheSearchAndWhatEndedBesideItIsKept() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch failing = new CountDownLatch(1);
        StrategySearch.Builder search =
                search("journal", SearchMethod.random(1))
                        .optRunner(TrialRunner.threads(2))
                        .setExperiment(
                                (strategy, effort) -> {
                                    if (begun.incrementAndGet() == 1) {
                                        failing.await();
                                        throw new OutOfMemoryError("as if");
                                    }
                                    failing.countDown();
                                    long end = System.nanoTime() + 200_000_000;
                                    while (System.nanoTime() < end) {
                                        Thread.onSpinWait(); // deaf to interruptions
                                    }
                                    return new Outcome(1, 1);
                                });
        expectThrows(OutOfMemoryError.class, () -> search.build().run());
        search.build().checkJournal(); // and the lock is free
        assertEquals(Files.readAllLines(file("journal")).size(), 2, "header and the other trial");
        SearchResult resumed = search.setExperiment(Toy::measure).build().run();
        assertEquals(resumed.trials().size(), 18);
        Optional<Outcome> kept = Optional.of(new Outcome(1, 1));
        assertEquals(resumed.trials().stream().filter(t -> t.outcome().equals(kept)).count(), 1);
    }

    @Test
    void aRunnerThatCanNotGoOnEndsTheSearch() throws Exception {
        TrialRunner broken =
                new TrialRunner() {
                    @Override
                    public int slots() {
                        return 2;
                    }

                    @Override
                    public Attempt run(Experiment experiment, Assignment assignment) {
                        throw new IllegalStateException("the cluster is gone");
                    }
                };
        StrategySearch.Builder search = search("journal", HALVING).optRunner(broken);
        Throwable e = expectThrows(IllegalStateException.class, () -> search.build().run());
        assertEquals(e.getMessage(), "the cluster is gone");
        assertEquals(Files.readAllLines(file("journal")).size(), 1, "no trial failed");
    }

    @Test
    void slotsAreOneOrMore() {
        for (int slots : List.of(0, -1)) {
            expectThrows(IllegalArgumentException.class, () -> TrialRunner.threads(slots));
            StrategySearch.Builder search =
                    search("journal", HALVING).optRunner(new Shuffled(slots, 0));
            Throwable e = expectThrows(IllegalStateException.class, () -> search.build().run());
            assertTrue(e.getMessage().contains("1 or more slots"), e.getMessage());
        }
    }

    @Test
    void timeOfTrialsAtOnceIsTheirSum() throws Exception {
        SearchResult result =
                search("journal", SearchMethod.random(1))
                        .optMaxTrials(1_000)
                        .optMaxTime(Duration.ofMillis(250))
                        .optRunner(TrialRunner.threads(5))
                        .setExperiment(
                                (strategy, effort) -> {
                                    Thread.sleep(50);
                                    return new Outcome(1, 1);
                                })
                        .build()
                        .run();
        assertEquals(result.ending(), Ending.TIME_SPENT);
        assertTrue(result.time().compareTo(Duration.ofMillis(250)) >= 0, result.toString());
        assertTrue(result.trials().size() <= 10, "five, and those under way: " + result);
    }

    @Test
    void theOrderOfResultsDecidesWhatAsynchronousHalvingAsksFor() throws Exception {
        List<Integer> first = efforts(search("a", ASYNCHRONOUS));
        List<Integer> second = efforts(search("b", ASYNCHRONOUS).optRunner(new Shuffled(6, 1)));
        assertNotEquals(first, second);
    }

    private static List<Integer> efforts(StrategySearch.Builder search) throws Exception {
        return search.build().run().trials().stream().map(SearchTrial::effort).toList();
    }
}
