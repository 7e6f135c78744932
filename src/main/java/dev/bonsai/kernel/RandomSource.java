package dev.bonsai.kernel;

import ai.djl.engine.Engine;
import java.util.SplittableRandom;

/**
 * The random numbers of DJL and its engine, which are shared by all in a process and can't be read:
 * where a run is written down they are begun anew, by a number that follows from a seed and from
 * where the run is, in the run that goes on as in the one that is resumed.
 *
 * @param seed the seed of the run
 */
record RandomSource(int seed) {

    /** Returns a source by the seed that the user has given to the engine, or by chance. */
    static RandomSource of(Engine engine) {
        Integer given = engine.getSeed();
        return new RandomSource(given != null ? given : new SplittableRandom().nextInt());
    }

    /**
     * Begins anew.
     *
     * @param epoch the epochs that have ended
     * @param batches the batches of this epoch so far
     */
    void begin(Engine engine, int epoch, long batches) {
        long place = 1_000_003L * epoch + batches;
        engine.setRandomSeed(new SplittableRandom(31L * seed + place).nextInt());
    }
}
