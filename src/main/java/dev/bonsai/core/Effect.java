package dev.bonsai.core;

import java.util.List;
import java.util.Optional;

/** What a technique does to the values of a weight: it decides which techniques go together. */
public enum Effect {
    /** Pulls at the latent weight while it trains; the forward pass sees it as it is. */
    PENALTY,
    /** Leaves the weights as they are, and rounds what is computed with them. */
    ACTIVATIONS,
    /** Sets elements to zero and leaves the others as they are. */
    ZEROS,
    /**
     * Sets to zero all that uses some channels of the network. They are taken out of the model that
     * the training leaves: its graph and file are smaller, and the user's own block has zeros.
     */
    UNITS,
    /** Maps all elements to few values, by their size. */
    VALUES,
    /** Maps all elements to whole multiples of a scale: the codes of a symmetric grid. */
    GRID,
    /** Moves elements that lie on a {@link #GRID} to other codes of it, or to zero. */
    CODES,
    /** Maps all elements to so few values that their size is lost, as with signs. */
    SIGNS;

    /**
     * Tells why a technique of this effect makes no sense behind others on the same weight.
     *
     * @param earlier the effects of the techniques before it, in order
     * @return the reason and the remedy, or empty if it does make sense
     */
    public Optional<String> refusalAfter(List<Effect> earlier) {
        boolean mapped = earlier.stream().anyMatch(Effect::isMapping);
        if (mapped && isMapping()) {
            return Optional.of(
                    "the values were decided on by the technique before it, and a second mapping"
                            + " would undo the first. Leave one of the two out, or have them work"
                            + " on different weights with WeightSelectors");
        }
        if ((this == ZEROS || this == UNITS) && earlier.contains(SIGNS)) {
            return Optional.of(
                    "after signs all weights are of one size, so that none is less important than"
                            + " another. List it before the technique that takes the signs");
        }
        if (this == CODES && !earlier.contains(GRID)) {
            return Optional.of(
                    "it moves codes of a symmetric grid, and nothing before it makes one. List a"
                            + " Quantization before it, with Mapping.SYMMETRIC, on the same"
                            + " weights");
        }
        if (this == CODES && earlier.contains(CODES)) {
            return Optional.of(
                    "the codes were decided on by the technique before it. Leave one of the two"
                            + " out, or have them work on different weights with WeightSelectors");
        }
        return Optional.empty();
    }

    private boolean isMapping() {
        return this == VALUES || this == GRID || this == SIGNS;
    }
}
