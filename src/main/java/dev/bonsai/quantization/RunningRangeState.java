package dev.bonsai.quantization;

import dev.bonsai.core.StateArray;
import dev.bonsai.core.TransformState;
import java.util.Objects;

/**
 * What a {@link RunningRange} has besides its options.
 *
 * @param bits the width
 * @param range the least and the greatest value
 */
record RunningRangeState(int bits, StateArray range) implements TransformState {

    RunningRangeState {
        AffineQuantizer.checkBits(bits);
        Objects.requireNonNull(range, "range");
    }
}
