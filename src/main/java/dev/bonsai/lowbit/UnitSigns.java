package dev.bonsai.lowbit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.bonsai.core.StepHook;

/**
 * Signs of size 1, whose latent weights are clipped to [-1, 1] after each step: they would grow
 * without any effect otherwise.
 */
final class UnitSigns extends ScaledSigns implements StepHook {

    UnitSigns(Channels channels, Rule rule) {
        super(channels, rule, false);
    }

    @Override
    public void afterStep(NDArray latent) {
        NDIndex mapped =
                channels().isAll() ? new NDIndex("...") : new NDIndex(":" + channels().mapped());
        latent.set(mapped, latent.get(mapped).clip(-1, 1));
    }
}
