package dev.bonsai.regularization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.StepHook;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightScales;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import java.util.Optional;

/** Leaves the weight as it is in every pass, and draws it towards zero at every step. */
abstract sealed class Penalty implements WeightTransform, StepHook
        permits Penalty.L1, Penalty.L2, BitsPenalty {

    private final float strength;
    private final NDArray zero;

    Penalty(float strength, NDArray zero) {
        this.strength = strength;
        this.zero = zero;
    }

    final float strength() {
        return strength;
    }

    @Override
    public TransformState getState() {
        return new PenaltyState(strength);
    }

    /** The values, and so the grid that they lie on, are those before. */
    @Override
    public final Optional<WeightScales> scales(NDArray weight, ForwardPass pass) {
        return pass.scales();
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
