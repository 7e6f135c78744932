package dev.bonsai.search;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A search to be killed: its experiments take their time, and tell a file that they began. */
final class SlowSearch {

    private static final long MILLIS = 40;

    private SlowSearch() {}

    static StrategySearch.Builder builder(Path journal, Path begun, int slots) {
        return Toy.search(journal)
                .optMethod(SearchMethod.successiveHalving(6, 1, 2))
                .optRunner(TrialRunner.threads(slots))
                .optMaxTrials(25)
                .setExperiment(
                        (strategy, effort) -> {
                            append(begun, strategy.toJson() + " " + effort + "\n");
                            Thread.sleep(MILLIS);
                            return Toy.measure(strategy, effort);
                        });
    }

    private static void append(Path file, String line) throws IOException {
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Runs the search with a journal, a file of what has begun, and a number of slots. */
    public static void main(String[] args) throws Exception {
        builder(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[2])).build().run();
    }
}
