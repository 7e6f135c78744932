package dev.bonsai.quantization;

import dev.bonsai.core.StateArray;
import dev.bonsai.core.TransformState;
import java.util.Objects;

/**
 * What a grid with learned scales has besides its options.
 *
 * @param bits the width
 * @param start the scales at first, one a group
 * @param growth the logarithms of the scales over these
 */
record LearnedScaleState(int bits, float[] start, StateArray growth) implements TransformState {

    LearnedScaleState {
        AffineQuantizer.checkBits(bits);
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(growth, "growth");
    }
}
