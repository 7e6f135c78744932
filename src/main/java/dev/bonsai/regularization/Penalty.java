package dev.bonsai.regularization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;

/** Leaves the weight as it is in every pass, and draws it towards zero at every step. */
abstract sealed class Penalty implements WeightTransform, StepHook {

    private final float strength;
    private final NDArray zero;

    private Penalty(float strength, NDArray zero) {
        this.strength = strength;
        this.zero = zero;
    }

    final float strength() {
        return strength;
    }

    @Override
    public final PenaltyState getState() {
        return new PenaltyState(strength);
    }

    @Override
    public final NDArray apply(NDArray weight, ForwardPass pass) {
        return weight.add(zero); // -0 + 0 = +0
    }

    @Override
    public final EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        return weight;
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + " of " + strength;
    }

    /** The proximal step of the sum of the absolute values: soft thresholding. */
    static final class L1 extends Penalty {

        L1(float strength, NDArray zero) {
            super(strength, zero);
        }

        @Override
        public void afterStep(NDArray latent) {
            // What is clipped nowhere is subtracted from itself, which gives +0.
            latent.subi(latent.clip(-strength(), strength()));
        }
    }

    /** The gradient of half the sum of the squares. */
    static final class L2 extends Penalty {

        L2(float strength, NDArray zero) {
            super(strength, zero);
        }

        @Override
        public void beforeStep(NDArray latent, NDArray gradient, ForwardPass pass) {
            gradient.addi(latent.mul(strength()));
        }
    }
}
