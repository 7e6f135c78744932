package dev.bonsai.spark;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertNotEquals;
import static org.testng.Assert.assertTrue;

import dev.bonsai.search.Experiment;
import dev.bonsai.search.SearchResult;
import dev.bonsai.search.StrategySearch;
import dev.bonsai.search.TrialRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.testng.annotations.Test;

/** Searches on a cluster of two executors, which are processes of their own. */
public class SparkSearchTest extends OnCluster {

    /** Runs what the journal has and what is left of it, one trial after the other, here. */
    private SearchResult here(String journal, boolean poisoned) throws Exception {
        Files.createDirectories(folder.resolve("here"));
        Experiment experiment = new ToyExperiment(folder.resolve("here").toString(), 0, poisoned);
        return search(journal).setExperiment(experiment).build().run();
    }

    private StrategySearch.Builder search(String journal) {
        return ToyExperiment.search(folder.resolve(journal + ".jsonl"))
                .optRunner(TrialRunner.inTurn());
    }

    private String written(String name) throws IOException {
        return withoutTimes(Files.readString(folder.resolve(name + ".json")));
    }

    private static String withoutTimes(String json) {
        return json.replaceAll("\"millis\": \\d+", "");
    }

    @Test(timeOut = 240_000)
    void resultIsThatOfASearchInOneProcess() throws Exception {
        cluster.start(ClusterDriver.class, folder, 30, false, "a", "halving", "b", "other");
        assertEquals(cluster.join(), 0, cluster.output());
        String expected = withoutTimes(here("whole", false).toJson());
        assertEquals(written("a"), expected);
        assertEquals(withoutTimes(here("a", false).toJson()), expected, "from its journal");
        Set<Long> processes = new HashSet<>();
        for (String note : cluster.notes("begun")) {
            processes.add(cluster.process(note));
        }
        assertEquals(processes.size(), 2, "both executors had trials");
        assertTrue(!processes.contains(cluster.driver().pid()), "and the driver had none");
        SearchResult asynchronous =
                search("b")
                        .optMethod(ToyExperiment.ASYNCHRONOUS)
                        .setExperiment(
                                (strategy, effort) -> {
                                    throw new AssertionError("all is in the journal");
                                })
                        .build()
                        .run();
        assertEquals(withoutTimes(asynchronous.toJson()), written("b"));
    }

    @Test(timeOut = 240_000)
    void trialOfAKilledExecutorIsRunAgain() throws Exception {
        cluster.start(ClusterDriver.class, folder, 1_000, false, "a", "halving");
        List<String> begun = cluster.await(4, "begun");
        Thread.sleep(300); // in its middle
        long executor = cluster.process(latest(begun));
        assertNotEquals(executor, ProcessHandle.current().pid());
        ProcessHandle.of(executor).orElseThrow().destroyForcibly();
        assertEquals(cluster.join(), 0, cluster.output());
        assertEquals(written("a"), withoutTimes(here("whole", false).toJson()));
        assertTrue(cluster.notes("begun").size() > 14, "a trial was run again");
        assertTrue(Files.readString(folder.resolve("a.jsonl")).lines().count() == 15);
    }

    private String latest(List<String> notes) throws IOException {
        TreeMap<Long, String> byTime = new TreeMap<>();
        for (String note : notes) {
            Path file = cluster.file("notes").resolve(note);
            byTime.put(Files.getLastModifiedTime(file).toMillis(), note);
        }
        return byTime.lastEntry().getValue();
    }

    @Test(timeOut = 240_000)
    void killedDriverGoesOnFromItsJournalOnAClusterAndHere() throws Exception {
        for (int kill = 0; kill < 2; ++kill) {
            int lines = lines("a");
            cluster.start(ClusterDriver.class, folder, 300, false, "a", "halving");
            while (lines("a") < Math.max(lines, 1) + 3) {
                assertTrue(cluster.driver().isAlive(), cluster.output());
                Thread.sleep(10);
            }
            cluster.driver().destroyForcibly().waitFor();
        }
        SearchResult result = here("a", false);
        assertEquals(withoutTimes(result.toJson()), withoutTimes(here("whole", false).toJson()));
        assertTrue(cluster.notes("begun").size() <= 14 + 4, "a kill costs what was under way");
    }

    private int lines(String journal) throws IOException {
        Path file = folder.resolve(journal + ".jsonl");
        return Files.exists(file) ? (int) Files.readString(file).lines().count() : 0;
    }

    @Test(timeOut = 240_000)
    void poisonIsAFailedTrialAndNotAFailedSearch() throws Exception {
        cluster.start(ClusterDriver.class, folder, 10, true, "a", "other");
        assertEquals(cluster.join(), 0, cluster.output());
        SearchResult result =
                search("a")
                        .optMethod(ToyExperiment.ASYNCHRONOUS)
                        .setExperiment((strategy, effort) -> null)
                        .build()
                        .run();
        String failures =
                result.trials().stream()
                        .flatMap(trial -> trial.failure().stream())
                        .collect(Collectors.joining("\n"));
        assertEquals(result.trials().size(), 14);
        assertTrue(failures.contains("java.io.IOException: poison"), failures);
        assertTrue(failures.contains("failed 2 times"), failures);
    }

    @Test(timeOut = 240_000)
    void anInterruptedDriverStopsWhatRunsOnExecutors() throws Exception {
        cluster.start(ClusterDriver.class, folder, 60_000, false, "a", "halving");
        cluster.await(2, "begun");
        Files.createFile(folder.resolve("stop"));
        assertEquals(cluster.join(), 1, cluster.output());
        assertEquals(cluster.notes("interrupted").size(), 2, cluster.output());
        String output = cluster.output();
        assertTrue(output.contains("these trials were stopped: trial 1 with"), output);
        assertEquals(lines("a"), 1, "the header");
    }

    @Test(timeOut = 240_000)
    void aClusterThatFailsEndsTheSearchAndNoTrialFails() throws Exception {
        cluster.breakDown();
        cluster.start(ClusterDriver.class, folder, 10, false, "a", "halving");
        assertEquals(cluster.join(), 1, cluster.output());
        assertTrue(cluster.output().contains("The Spark context was stopped"), cluster.output());
        assertEquals(lines("a"), 1, "the header");
    }
}
