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
     * The columns of most panels: those of {@link VectorFour} where there are thirty-two registers.
     * Processors with vectors of 256 bits have sixteen.
     */
    static final int WIDE = SPECIES.vectorBitSize() == 256 ? NARROW : 4 * LENGTH;

    private VectorProduct() {}
}
