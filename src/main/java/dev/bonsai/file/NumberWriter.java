package dev.bonsai.file;

import dev.bonsai.encoding.EncodedWeight;

/** Writes the numbers of weights: scales, zero points, codebooks, elements. */
interface NumberWriter {

    /** Decides how the elements of the next weight are laid down. */
    Coding coding(EncodedWeight weight);

    /**
     * Writes the numbers of that weight, or keeps them to be written.
     *
     * @param coding what was decided
     * @param head where what is told once per weight stands
     */
    void write(EncodedWeight weight, Coding coding, ByteSink head);
}
