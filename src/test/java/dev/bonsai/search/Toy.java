package dev.bonsai.search;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A space of 18 strategies, and experiments that cost nothing. */
final class Toy {

    static final Choice<Double> SPARSITY = Choice.of("sparsity", 0.9, 0.95, 0.98);
    static final Choice<Integer> BITS = Choice.of("bits", 2, 3, 4);
    static final Choice<Better> ENUM = Choice.of("kind", Better.HIGHER, Better.LOWER);
    static final SearchSpace SPACE =
            SearchSpace.builder().addChoice(SPARSITY).addChoice(BITS).addChoice(ENUM).build();

    private Toy() {}

    /** A noisy trade of bytes for metric, the same at every call; one strategy in eight fails. */
    static Outcome measure(Strategy strategy, int effort) {
        Random random = new Random(31L * strategy.toString().hashCode() + effort);
        if (random.nextInt(8) == 0) {
            throw new IllegalStateException("no luck with \"" + strategy + "\"\n\u00e9\u4e16");
        }
        double kept = (1 - strategy.get(SPARSITY)) * strategy.get(BITS);
        long bytes = Math.round(kept * 10_000 + random.nextInt(500));
        return new Outcome(bytes, kept / (kept + 0.05) + random.nextDouble() * 0.05 * effort);
    }

    static StrategySearch.Builder search(Path journal) {
        return StrategySearch.builder()
                .setSpace(SPACE)
                .setGoal(Goal.maxBytes(2_000))
                .setExperiment(Toy::measure)
                .setJournal(journal)
                .optSeed(5);
    }

    /** Returns a runner whose trials take the same time in each search. */
    static TrialRunner inTurn() {
        return new ThreadRunner(1, new Clock()::nanoTime);
    }

    /** A clock that advances by a millisecond at each look. */
    static final class Clock {
        private long nanos;

        long nanoTime() {
            return nanos += 1_000_000;
        }
    }

    static SearchTrial trial(int number, Outcome outcome) {
        return new SearchTrial(
                number,
                SPACE.first(),
                1,
                Optional.of(outcome),
                Optional.empty(),
                Duration.ZERO,
                false);
    }

    /** Outcomes with many ties in bytes, in metric and in both. */
    static List<Outcome> outcomes(int count, long seed) {
        Random random = new Random(seed);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < count; ++i) {
            outcomes.add(new Outcome(random.nextInt(8), random.nextInt(8) / 8.0));
        }
        return outcomes;
    }
}
