package dev.bonsai.pruning;

import dev.bonsai.core.Proposal;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.function.Function;

/** Grows at random, differently at every step. */
final class RandomGrowth extends Exchange {

    private final long seed;

    RandomGrowth(float fraction, int everySteps, long seed) {
        super(fraction, everySteps, "random", fraction, everySteps, seed);
        this.seed = seed;
    }

    @Override
    Function<Ranking, FloatBuffer> scores(Proposal proposal) {
        Random random = new Random(31 * seed + proposal.step());
        return ranking -> {
            float[] scores = new float[ranking.keys().length];
            for (int i = 0; i < scores.length; ++i) {
                scores[i] = random.nextFloat();
            }
            return FloatBuffer.wrap(scores);
        };
    }
}
