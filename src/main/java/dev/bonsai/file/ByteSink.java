package dev.bonsai.file;

import java.util.Arrays;

/** A byte array that grows. */
final class ByteSink {

    /** The most bytes of a file: an array of more is refused by some virtual machines. */
    static final int MAX_SIZE = Integer.MAX_VALUE - 64;

    private byte[] bytes = new byte[64];
    private int size;

    void u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    /**
     * An unsigned number, seven bits a byte, the lowest first; the top bit says that more follow.
     */
    void varint(long value) {
        long rest = value;
        while (rest > 0x7f) {
            u8((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        u8((int) rest);
    }

    /** A signed number as a varint: 0, -1, 1, -2, ... become 0, 1, 2, 3, ... */
    void zigzag(int value) {
        varint(Integer.toUnsignedLong((value << 1) ^ (value >> 31)));
    }

    /** Four bytes, the lowest first. */
    void int32(int value) {
        lowBytes(value, Integer.BYTES);
    }

    /** The lowest bytes of a number, the lowest first. */
    void lowBytes(int value, int count) {
        for (int shift = 0; shift < 8 * count; shift += 8) {
            u8(value >>> shift);
        }
    }

    void bytes(byte[] source) {
        bytes(source, 0, source.length);
    }

    void bytes(byte[] source, int from, int length) {
        room(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    void append(ByteSink other) {
        bytes(other.bytes, 0, other.size);
    }

    int size() {
        return size;
    }

    /** Returns what was written; nothing may be added after that. */
    byte[] toByteArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** Takes the memory of all that is still to come. */
    void reserve(long length) {
        bytes = Arrays.copyOf(bytes, (int) needed(length));
    }

    private long needed(long length) {
        long needed = size + length;
        if (needed > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "A .bonsai file has less than 2 GiB, but the model takes more: compress it"
                            + " further, or write it in several files");
        }
        return needed;
    }

    private void room(int length) {
        long needed = needed(length);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_SIZE, Math.max(needed, 2L * size)));
        }
    }
}
