package dev.bonsai.file;

import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.FloatFormat;
import java.util.function.IntUnaryOperator;

/** Reads the numbers of weights: scales, zero points, codebooks, elements. */
interface NumberReader {

    /**
     * What codes there can be.
     *
     * @param shape the shape of the weight
     * @param size the number of elements
     * @param low the lowest code
     * @param high the highest
     * @param zero the code of zero where it is one everywhere, or {@link PackedInts#NONE}
     * @param origin the code of zero of an element, or one that stands for it
     */
    record CodeRange(int[] shape, int size, int low, int high, long zero, IntUnaryOperator origin) {

        /** Takes memory for the codes. */
        Codes.Builder builder() {
            return Codes.builder(size, low, high);
        }
    }

    /** Says what is done when positions have been read, before the values are. */
    default void onPositions(Runnable action) {}

    /** Refuses a coding that this reader does not read. */
    void check(Coding coding) throws BonsaiFormatException;

    /** Reads scales or a codebook. */
    float[] floats(int count, FloatFormat format, String what) throws BonsaiFormatException;

    /** Reads zero points. */
    int[] integers(int count, String what) throws BonsaiFormatException;

    /** Reads the elements of a weight of floats. */
    float[] elements(Coding coding, int[] shape, int size, FloatFormat format)
            throws BonsaiFormatException;

    /** Reads the elements of a weight of codes. */
    Codes codes(Coding coding, CodeRange range) throws BonsaiFormatException;

    /** Reads the bytes of elements. */
    byte[] exact(Coding coding, int size, int width) throws BonsaiFormatException;
}
