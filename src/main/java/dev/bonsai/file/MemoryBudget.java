package dev.bonsai.file;

import dev.bonsai.encoding.ElementType;
import java.util.Locale;

/**
 * Counts the memory that a model takes, against what a file of its length may take.
 *
 * <p>A file of n bytes may hold elements of 16 MiB + 1,024 n bytes, and 16 MiB + 64 n bytes of all
 * else (paths, scales, zero points, codebooks, what a graph is made of). Reading takes at most
 * twice their sum. The writer pads a file that would be too short for what it holds.
 */
final class MemoryBudget {

    /** So many bytes of either part any file may take, however short. */
    static final long FREE = 1L << 24;

    /** The memory of elements per byte of file. */
    static final long ELEMENTS_PER_BYTE = 1L << 10;

    /** The memory of all else per byte of file. */
    static final long OTHERS_PER_BYTE = 1L << 6;

    /** An array of more elements than this is refused by some virtual machines. */
    static final int MOST_ELEMENTS = Integer.MAX_VALUE - 16;

    /** What a value of a graph takes: its names, its shape, what is found out about it. */
    private static final long VALUE = 1L << 12;

    /** What an operand, a dimension or an element of an attribute takes. */
    private static final long REFERENCE = 1L << 6;

    private final long fileLength;
    private long elements;
    private long others;

    private MemoryBudget(long fileLength) {
        this.fileLength = fileLength;
    }

    /** Counts what is written. */
    static MemoryBudget ofWriter() {
        return new MemoryBudget(Long.MAX_VALUE);
    }

    /** Counts what is read from a file. */
    static MemoryBudget of(long fileLength) {
        return new MemoryBudget(fileLength);
    }

    /** Counts the elements of a weight, of four bytes each. */
    void elements(long count) {
        elements += count * Float.BYTES;
    }

    /**
     * Counts the elements of a weight in a type of its own; four bytes each are counted already.
     */
    void exact(long count, ElementType type) {
        elements += count * Math.max(0, type.bytes() - Float.BYTES);
    }

    /** Counts a scale, a zero point or an entry of a codebook, of four bytes each. */
    void entries(long count) {
        others += count * Float.BYTES;
    }

    /** Counts the bytes of a path: themselves, as text, and in the place that messages name. */
    void path(long length) {
        others += 4 * length;
    }

    /** Counts the bytes of heads in a coded section, with what is noted of each. */
    void heads(long length) {
        others += 16 * length;
    }

    /** Counts inputs, constants, nodes and results of a graph. */
    void values(long count) {
        others += count * VALUE;
    }

    /** Counts operands, dimensions and elements of attributes of a graph. */
    void references(long count) {
        others += count * REFERENCE;
    }

    /** A short file can describe much: it may not take all memory. */
    void check(ByteSource source, String what) throws BonsaiFormatException {
        if (leastLength() > fileLength) {
            throw source.error(
                    String.format(
                            Locale.ROOT,
                            "with %s the model takes more memory than a file of %d bytes may:"
                                    + " expected at least %d bytes",
                            what,
                            fileLength,
                            leastLength()),
                    "Write the file again with BonsaiFile, which pads it.");
        }
    }

    /** Returns the least length of a file that may take what was counted. */
    long leastLength() {
        return Math.max(length(elements, ELEMENTS_PER_BYTE), length(others, OTHERS_PER_BYTE));
    }

    private static long length(long memory, long perByte) {
        return Math.max(0, (memory - FREE + perByte - 1) / perByte);
    }
}
