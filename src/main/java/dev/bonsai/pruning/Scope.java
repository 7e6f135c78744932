package dev.bonsai.pruning;

/** What a weight's elements, or the channels of a network, are ranked against. */
public enum Scope {
    /** All that is selected together: layers with many unimportant elements lose more. */
    GLOBAL,
    /**
     * The elements of the same weight only, as many as the {@link Allocation} says; of channels all
     * groups lose the same share.
     */
    LOCAL
}
