package dev.bonsai.quantization;

import dev.bonsai.core.StateArray;
import dev.bonsai.core.TransformState;
import dev.bonsai.encoding.ActivationGrid;
import java.util.Objects;

/**
 * What a {@link LearnedRange} has besides its options.
 *
 * @param bits the width
 * @param scale the scale at first
 * @param zeroPoint the code of zero
 * @param growth the logarithm of the scale over that
 */
record LearnedRangeState(int bits, float scale, int zeroPoint, StateArray growth)
        implements TransformState {

    LearnedRangeState {
        new ActivationGrid(bits, scale, zeroPoint); // checks them
        Objects.requireNonNull(growth, "growth");
    }
}
