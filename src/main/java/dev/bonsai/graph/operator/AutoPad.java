package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.GraphException;
import java.util.Arrays;

/** How a window is padded where no pads are given. */
public enum AutoPad {
    /** The pads are given. */
    NOTSET,
    /** There are none. */
    VALID,
    /** As many as make the output as large as the input divided by the stride; more at the end. */
    SAME_UPPER,
    /**
     * As many as make the output as large as the input divided by the stride; more at the start.
     */
    SAME_LOWER;

    static AutoPad of(String text) {
        return Arrays.stream(values())
                .filter(value -> value.name().equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new GraphException(
                                        "auto_pad is one of "
                                                + Arrays.toString(values())
                                                + ", but got '"
                                                + text
                                                + "'"));
    }
}
