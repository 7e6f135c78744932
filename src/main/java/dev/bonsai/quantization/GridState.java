package dev.bonsai.quantization;

import dev.bonsai.core.TransformState;
import java.util.List;

/**
 * What a grid has besides its options and the weight.
 *
 * @param bits the width
 * @param position the position of the weight in the model, for its random numbers
 * @param rotations how often the noise of a stochastic rounding was drawn anew
 * @param estimators the states of the range estimators, one a piece; empty where they have none
 */
record GridState(int bits, int position, long rotations, List<float[]> estimators)
        implements TransformState {

    GridState {
        AffineQuantizer.checkBits(bits);
        estimators = List.copyOf(estimators);
    }
}
