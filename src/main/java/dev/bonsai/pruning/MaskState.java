package dev.bonsai.pruning;

import dev.bonsai.core.TransformState;
import java.util.BitSet;
import java.util.Locale;

/**
 * What a mask is: how it deals with what it removes follows from the {@link Regrowth}.
 *
 * @param keep the row-major indices of the elements that are kept, not to be changed
 * @param level the level that the mask was cut for
 */
record MaskState(BitSet keep, double level) implements TransformState {

    MaskState {
        if (keep == null) {
            throw new IllegalArgumentException("A mask says what it keeps, but got nothing");
        }
    }

    /** Returns what is kept of a weight of a size. */
    BitSet keep(long size) {
        if (keep.length() > size) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "the mask keeps element %d, but the weight has %d: restore it into the"
                                    + " model that it was cut for",
                            keep.length() - 1,
                            size));
        }
        return keep;
    }
}
