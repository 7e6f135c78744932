package dev.bonsai.lowbit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.bonsai.core.StepHook;

/**
 * Signs of size 1, whose latent weights are clipped to [-1, 1] after each step: they would grow
 * without any effect otherwise.
 */
final class UnitSigns extends ScaledSigns implements StepHook {

    UnitSigns(Rows rows, Rule rule) {
        super(rows, rule, false);
    }

    @Override
    public void afterStep(NDArray latent) {
        NDIndex mapped = rows().isAll() ? new NDIndex("...") : new NDIndex(":" + rows().mapped());
        latent.set(mapped, latent.get(mapped).clip(-1, 1));
    }
}
