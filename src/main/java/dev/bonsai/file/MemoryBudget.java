package dev.bonsai.file;

import dev.bonsai.encoding.ElementType;

/**
 * Counts the memory that the arrays of a model take, against what a file of its length may take.
 *
 * <p>A file of n bytes may hold elements of 16 MiB + 1,024 n bytes, and 16 MiB + 64 n bytes of all
 * else (paths, scales, zero points, codebooks). Reading takes at most twice their sum. The writer
 * pads a file that would be too short for what it holds.
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

    private long elements;
    private long others;

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

    /** Returns the least length of a file that may take what was counted. */
    long leastLength() {
        return Math.max(length(elements, ELEMENTS_PER_BYTE), length(others, OTHERS_PER_BYTE));
    }

    private static long length(long memory, long perByte) {
        return Math.max(0, (memory - FREE + perByte - 1) / perByte);
    }
}
