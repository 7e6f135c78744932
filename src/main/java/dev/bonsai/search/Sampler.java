package dev.bonsai.search;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;

/** Gives each strategy of a space once: the starts in order, then the others at random. */
final class Sampler {

    private final SearchSpace space;
    private final Queue<Strategy> starts;
    private final Random random;
    private final Set<Strategy> given = new HashSet<>();

    Sampler(SearchSpace space, List<Strategy> starts, long seed) {
        this.space = space;
        this.starts = new ArrayDeque<>(starts);
        random = new Random(mix(seed));
    }

    /** Returns the next strategy; empty when all have been given. */
    Optional<Strategy> next() {
        if (given.size() == space.size()) {
            return Optional.empty();
        }
        Strategy strategy = starts.poll();
        // Draws again what was given before: the last of n takes n draws, little beside n trials.
        while (strategy == null || !given.add(strategy)) {
            strategy = space.draw(random);
        }
        return Optional.of(strategy);
    }

    /** Neighbouring seeds of {@link Random} draw alike; after SplitMix64 they don't. */
    private static long mix(long seed) {
        long bits = seed + 0x9E3779B97F4A7C15L;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return bits ^ (bits >>> 31);
    }
}
