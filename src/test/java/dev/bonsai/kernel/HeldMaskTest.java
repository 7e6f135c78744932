package dev.bonsai.kernel;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.AbstractTechnique;
import dev.bonsai.core.Effect;
import dev.bonsai.core.FakeProposal;
import dev.bonsai.core.Levels;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TransformState;
import dev.bonsai.core.WeightSelector;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.core.WeightTransformContract;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** The zeros that a model came with are held after a restart as before it. */
public class HeldMaskTest {

    private static final Shape SHAPE = new Shape(2, 4);
    private static final float[] VALUES = {0.5f, 0, 2, -0.25f, 0, 1.5f, 0, 0.75f};

    /** Restores held zeros as a technique does its transforms. */
    private static final Technique HOLDING =
            new AbstractTechnique(
                    "holding", Effect.ZEROS, WeightSelector.all(), Levels.single("on")) {
                @Override
                public Map<TargetWeight, WeightTransform> propose(double level, Proposal proposal) {
                    return Map.of();
                }

                @Override
                public List<StateType> getStateTypes() {
                    return List.of(HeldZeros.STATE_TYPE);
                }

                @Override
                public Map<TargetWeight, WeightTransform> restore(
                        Map<TargetWeight, TransformState> states, NDManager owner) {
                    Map<TargetWeight, HeldZeros.MaskState> masks = new LinkedHashMap<>();
                    states.forEach((w, state) -> masks.put(w, (HeldZeros.MaskState) state));
                    return HeldZeros.restore(masks, owner);
                }
            };

    private static BitSet kept() {
        BitSet keep = new BitSet();
        for (int i = 0; i < VALUES.length; ++i) {
            keep.set(i, VALUES[i] != 0);
        }
        return keep;
    }

    @Test
    void theMaskFulfilsTheContractAndIsRestored() {
        try (NDManager state = NDManager.newBaseManager()) {
            TargetWeight weight = new FakeProposal(state).add("weight", SHAPE, VALUES);
            HeldZeros.MaskState held = new HeldZeros.MaskState(kept());
            WeightTransform mask = HeldZeros.restore(Map.of(weight, held), state).get(weight);
            assertEquals(mask.getState(), held);
            WeightTransformContract.of(mask, state, SHAPE, new float[] {1, 2, 3, 4, 5, 6, 7, 8})
                    .gradient(
                            upstream -> {
                                for (int i = 0; i < upstream.length; ++i) {
                                    upstream[i] = VALUES[i] == 0 ? 0 : upstream[i];
                                }
                                return upstream;
                            })
                    .restoredBy(HOLDING)
                    .check();
        }
    }

    @Test
    void theMaskOfALargerWeightIsRefused() {
        try (NDManager state = NDManager.newBaseManager()) {
            TargetWeight small = new FakeProposal(state).add("small", new Shape(7), new float[7]);
            Map<TargetWeight, HeldZeros.MaskState> states =
                    Map.of(small, new HeldZeros.MaskState(kept()));
            String message =
                    expectThrows(
                                    IllegalArgumentException.class,
                                    () -> HeldZeros.restore(states, state))
                            .getMessage();
            assertTrue(message.contains("small") && message.contains("element 7"), message);
        }
    }
}
