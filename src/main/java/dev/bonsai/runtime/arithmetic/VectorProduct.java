package dev.bonsai.runtime.arithmetic;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The sizes of vectors and of the tiles that products are divided into. */
final class VectorProduct {

    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LENGTH = SPECIES.length();

    /** The rows of a tile. */
    static final int ROWS = 4;

    /** The columns of a panel of {@link VectorTwo}: eight sums lie in sixteen registers. */
    static final int NARROW = 2 * LENGTH;

    /**
     * The columns of a panel of {@link VectorFour}, for processors with thirty-two registers. Those
     * with vectors of 256 bits have sixteen.
     */
    static final int WIDE = 4 * LENGTH;

    private static final boolean HAS_WIDE = SPECIES.vectorBitSize() != 256;

    private VectorProduct() {}

    /** Returns the width of the next panel of so many columns. */
    static int width(int columns) {
        if (HAS_WIDE && columns >= WIDE) {
            return WIDE;
        }
        return columns > LENGTH ? NARROW : LENGTH;
    }
}
