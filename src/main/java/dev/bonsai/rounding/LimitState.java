package dev.bonsai.rounding;

import dev.bonsai.core.TransformState;
import dev.bonsai.encoding.Codes;

/**
 * How large the elements of a weight may be on their grid.
 *
 * @param limits the largest magnitude of the code of each element
 */
record LimitState(Codes limits) implements TransformState {

    LimitState {
        for (int i = 0; i < limits.size(); ++i) {
            if (limits.get(i) < 0) {
                throw new IllegalArgumentException(
                        "The code of an element is limited to a magnitude of at least 0, but"
                                + " element "
                                + i
                                + " to "
                                + limits.get(i)
                                + ": use a state that was not changed");
            }
        }
    }
}
