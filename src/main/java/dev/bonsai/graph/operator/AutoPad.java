package dev.bonsai.graph.operator;

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
    SAME_LOWER
}
