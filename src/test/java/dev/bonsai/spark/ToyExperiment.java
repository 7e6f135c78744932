package dev.bonsai.spark;

import dev.bonsai.search.Better;
import dev.bonsai.search.Choice;
import dev.bonsai.search.Goal;
import dev.bonsai.search.Outcome;
import dev.bonsai.search.SearchMethod;
import dev.bonsai.search.SearchSpace;
import dev.bonsai.search.Strategy;
import dev.bonsai.search.StrategySearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;

/**
 * An experiment that takes its time, and leaves a note of where it ran.
 *
 * @param notes the folder of notes: a file for each trial that began, named after it, which holds
 *     the process; and one for each that was interrupted
 * @param millis how long a trial takes
 * @param poisoned whether one strategy throws and another one ends the process
 */
record ToyExperiment(String notes, int millis, boolean poisoned) implements SparkExperiment {

    private static final Choice<Double> SPARSITY = Choice.of("sparsity", 0.9, 0.95, 0.98);
    private static final Choice<Integer> BITS = Choice.of("bits", 2, 3, 4);
    private static final Choice<Better> KIND = Choice.of("kind", Better.HIGHER, Better.LOWER);
    private static final SearchSpace SPACE =
            SearchSpace.builder().addChoice(SPARSITY).addChoice(BITS).addChoice(KIND).build();

    static final SearchMethod HALVING = SearchMethod.successiveHalving(6, 1, 2);
    static final SearchMethod ASYNCHRONOUS = SearchMethod.asynchronousHalving(3, 1, 2);

    static StrategySearch.Builder search(Path journal) {
        return StrategySearch.builder()
                .setSpace(SPACE)
                .setGoal(Goal.maxBytes(2_000))
                .setJournal(journal)
                .optMethod(HALVING)
                .optMaxTrials(14)
                .optSeed(5);
    }

    @Override
    public Outcome run(Strategy strategy, int effort) throws IOException, InterruptedException {
        String name = strategy.toString().replace(' ', '_') + "_" + effort;
        note(name + "." + UUID.randomUUID() + ".begun");
        if (poisoned && strategy.get(BITS) == 3 && strategy.get(KIND) == Better.HIGHER) {
            if (strategy.get(SPARSITY) == 0.9) {
                throw new IOException("poison");
            }
            if (strategy.get(SPARSITY) == 0.98) {
                Runtime.getRuntime().halt(13);
            }
        }
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            note(name + "." + UUID.randomUUID() + ".interrupted");
            throw e;
        }
        Random random = new Random(31L * name.hashCode());
        double kept = (1 - strategy.get(SPARSITY)) * strategy.get(BITS);
        return new Outcome(
                Math.round(kept * 10_000) + random.nextInt(500),
                kept / (kept + 0.05) + random.nextDouble() * 0.05 * effort);
    }

    /** Written aside first, so that whoever sees a note sees what it holds. */
    private void note(String name) throws IOException {
        Path aside = Path.of(notes, name + ".tmp");
        Files.writeString(aside, Long.toString(ProcessHandle.current().pid()));
        Files.move(aside, Path.of(notes, name));
    }
}
