package dev.bonsai.core;

/**
 * Whether elements that are exactly zero when a training begins stay zero: what is left of an
 * earlier pruning, say. The optimizer would move them, and the sparsity would be lost.
 */
public enum HoldZeros {
    /**
     * The zeros of each weight that comes with many: at least a tenth of its elements and not all,
     * as a weight that is all zero has not been trained yet. Those of a weight are left alone where
     * a technique moves zeros itself, as pruning with regrowth does.
     */
    AUTO,
    /** All zeros of all weights that a technique works on. */
    ALWAYS,
    /** None: zeros train like any other element. */
    NEVER
}
