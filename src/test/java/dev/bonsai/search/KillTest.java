package dev.bonsai.search;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A process that is killed, at moments that nobody chose. */
public class KillTest extends TemporaryFiles {

    private static final int KILLS = 4;

    @DataProvider
    Object[][] slots() {
        return new Object[][] {{1}, {3}};
    }

    @Test(timeOut = 120_000, dataProvider = "slots")
    void killedSearchIsResumedWithoutRunningAFinishedTrialAgain(int slots) throws Exception {
        Path journal = file("journal");
        Path begun = file("begun");
        Random random = new Random(1);
        Set<String> finished = new HashSet<>();
        int seen = 0;
        for (int kill = 0; kill < KILLS; ++kill) {
            int trials = finished.size() + 1 + random.nextInt(4);
            killAfter(journal, begun, slots, trials, random.nextInt(60));
            assertNoneOf(finished, lines(begun), seen);
            seen = lines(begun).size();
            finished = finished(journal);
        }
        assertTrue(finished.size() < 25, "the search has not ended by itself");

        SearchResult resumed = SlowSearch.builder(journal, begun, slots).build().run();
        assertNoneOf(finished, lines(begun), seen);
        SearchResult whole = SlowSearch.builder(file("whole"), file("other"), 1).build().run();
        assertEquals(withoutTimes(resumed), withoutTimes(whole));
        assertEquals(new HashSet<>(lines(begun)), new HashSet<>(lines(file("other"))));
        assertTrue(lines(begun).size() <= 25 + KILLS * slots, "a kill costs what is under way");
    }

    /** Kills the search soon after the journal has so many trials. */
    private void killAfter(Path journal, Path begun, int slots, int trials, int millis)
            throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                SlowSearch.class.getName(),
                                journal.toString(),
                                begun.toString(),
                                Integer.toString(slots))
                        .redirectErrorStream(true)
                        .redirectOutput(file("output").toFile())
                        .start();
        try {
            while (lines(journal).size() < 1 + trials) {
                assertTrue(process.isAlive(), Files.readString(file("output")));
                Thread.sleep(5);
            }
            Throwable inUse =
                    expectThrows(
                            IOException.class,
                            () -> SlowSearch.builder(journal, begun, slots).build().run());
            assertTrue(inUse.getMessage().contains("another search"), inUse.getMessage());
            Thread.sleep(millis);
        } finally {
            process.destroyForcibly();
            assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    /** The trials whose line is complete, as the experiment names them. */
    private static Set<String> finished(Path journal) throws IOException {
        String text = Files.readString(journal);
        Set<String> finished = new HashSet<>();
        text.substring(0, text.lastIndexOf('\n'))
                .lines()
                .skip(1)
                .forEach(
                        line -> {
                            JsonObject json = JsonParser.parseString(line).getAsJsonObject();
                            finished.add(json.get("strategy") + " " + json.get("effort"));
                        });
        return finished;
    }

    private static void assertNoneOf(Set<String> finished, List<String> begun, int from) {
        for (String line : begun.subList(from, begun.size())) {
            assertTrue(!finished.contains(line), "run again: " + line);
        }
    }

    private static List<List<Object>> withoutTimes(SearchResult result) {
        List<List<Object>> trials = new ArrayList<>();
        for (SearchTrial trial : result.trials()) {
            trials.add(
                    List.of(
                            trial.number(),
                            trial.strategy(),
                            trial.effort(),
                            trial.outcome(),
                            trial.failure(),
                            trial.best()));
        }
        return trials;
    }
}
