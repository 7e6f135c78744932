package dev.bonsai.variational;

import dev.bonsai.core.CountedRandom;
import dev.bonsai.core.StateArray;
import dev.bonsai.core.TransformState;
import java.util.Locale;

/**
 * What a noisy weight has learned and where its noise stands; the noise follows from the seed.
 *
 * @param scale the weight of the divergence
 * @param step the training step at which the noise of all weights was drawn
 * @param index the place of the weight among those of its state
 * @param draws how often a place in the noise was drawn
 * @param mirrored whether the last pass had the opposite of the noise there
 * @param logVariance {@code log sigma^2} over the rate, of each element
 */
record NoisyState(
        double scale, long step, int index, long draws, boolean mirrored, StateArray logVariance)
        implements TransformState {

    NoisyState {
        CountedRandom.checkDraws(draws);
        if (step < 0 || index < 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A noisy weight has a step and an index of at least 0, but got %d and"
                                    + " %d: use a state that was not changed",
                            step,
                            index));
        }
    }
}
