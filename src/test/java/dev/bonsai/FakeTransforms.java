package dev.bonsai;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import java.util.BitSet;

/** Transforms that are as simple as a test needs them. */
public final class FakeTransforms {

    private FakeTransforms() {}

    /** Changes nothing. */
    public static WeightTransform keeping() {
        return new WeightTransform() {
            @Override
            public NDArray apply(NDArray weight, ForwardPass pass) {
                return weight;
            }

            @Override
            public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
                return weight;
            }
        };
    }

    /** Changes nothing, but fails when its state has been closed. */
    public static WeightTransform holding(NDArray state) {
        return new WeightTransform() {
            @Override
            public NDArray apply(NDArray weight, ForwardPass pass) {
                state.getFloat();
                return weight;
            }

            @Override
            public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
                return weight;
            }
        };
    }

    /** Sets everything to zero, and passes no gradient. */
    public static WeightTransform wiping() {
        return new WeightTransform() {
            @Override
            public NDArray apply(NDArray weight, ForwardPass pass) {
                return weight.zerosLike();
            }

            @Override
            public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
                return weight.masked(new BitSet());
            }
        };
    }
}
