package dev.bonsai.file;

import java.util.Arrays;

/** How the elements of a weight are laid down. The numbers are part of the format. */
enum Coding {
    /** Every element, no positions. */
    PLAIN(0),
    /** A bit an element that says where the nonzeros are, then those. */
    BITMAP(1),
    /** The gaps between the nonzeros in a Golomb-Rice code, then those. */
    GAPS(2),
    /** Every element, no positions, and none is zero: signs take one bit. */
    NONZERO(3),
    /** Every element in the coded stream. */
    MODELLED(4),
    /** The same, and the units of its columns are the rows of the matrix of codes before. */
    TIED(5);

    private final int tag;

    Coding(int tag) {
        this.tag = tag;
    }

    int tag() {
        return tag;
    }

    /** Tells whether it is one of the coded section, and none of the others. */
    boolean isCoded() {
        return this == MODELLED || this == TIED;
    }

    /** Tells whether it says where the nonzeros are. */
    boolean hasPositions() {
        return this == BITMAP || this == GAPS;
    }

    static Coding of(int tag, ByteSource source) throws BonsaiFormatException {
        return Arrays.stream(values())
                .filter(coding -> coding.tag == tag)
                .findFirst()
                .orElseThrow(
                        () ->
                                source.error(
                                        "its elements have coding " + tag + ", which is unknown",
                                        BonsaiFormatException.UPDATE));
    }
}
