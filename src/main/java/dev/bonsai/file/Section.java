package dev.bonsai.file;

import java.util.Locale;

/** What the bytes of a file are spent on. */
public enum Section {
    /** What makes it a file: magic, version, lengths, checksums. */
    HEADER,
    /** What makes it a model: paths, shapes, encodings. */
    STRUCTURE,
    /** What is computed with the weights. */
    GRAPH,
    /** The values of the weights: floats, codes, assignments. */
    VALUES,
    /** Where the weights are not zero. */
    POSITIONS,
    /** Scales, zero points and codebooks. */
    SCALES,
    /** Biases, and whatever else is not a weight, in whichever encoding. */
    BIASES;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
