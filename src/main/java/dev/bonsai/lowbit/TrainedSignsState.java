package dev.bonsai.lowbit;

import dev.bonsai.core.StateArray;
import dev.bonsai.core.TransformState;

/**
 * What signs with two trained sizes have besides the settings and the weight.
 *
 * @param mapped how many channels are mapped
 * @param positive the size above zero
 * @param negative the size below zero
 */
record TrainedSignsState(int mapped, Size positive, Size negative) implements TransformState {

    /**
     * A size: {@code first * exp(growth)}.
     *
     * @param first the size at first
     * @param growth what is trained, one number
     */
    record Size(float first, StateArray growth) {}
}
