package dev.bonsai.pruning;

/** What a weight's elements are ranked against. */
public enum Scope {
    /** All selected weights together: layers with many unimportant elements lose more. */
    GLOBAL,
    /** The elements of the same weight only, as many as the {@link Allocation} says. */
    LOCAL
}
