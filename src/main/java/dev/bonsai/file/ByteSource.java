package dev.bonsai.file;

import java.util.Arrays;
import java.util.Locale;

/** Bytes that are read in order, with a check before each step and a place for the messages. */
final class ByteSource {

    private final byte[] bytes;
    private int position;
    private String place;

    ByteSource(byte[] bytes, String place) {
        this.bytes = bytes;
        this.place = place;
    }

    /** Says what is being read, for the messages. */
    void at(String newPlace) {
        place = newPlace;
    }

    int position() {
        return position;
    }

    int left() {
        return bytes.length - position;
    }

    /** Refuses a declaration that the bytes left cannot hold, before anything is allocated. */
    void need(long length, String what) throws BonsaiFormatException {
        if (length > left()) {
            throw error(
                    String.format(
                            Locale.ROOT,
                            "expected %d bytes for %s, but only %d are left",
                            length,
                            what,
                            left()));
        }
    }

    int u8(String what) throws BonsaiFormatException {
        need(1, what);
        return bytes[position++] & 0xff;
    }

    /** Returns the next byte without going on. */
    int peek(String what) throws BonsaiFormatException {
        need(1, what);
        return bytes[position] & 0xff;
    }

    long varint(String what, long max) throws BonsaiFormatException {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = u8(what);
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                if (value > max) {
                    throw error("expected at most " + max + " for " + what + ", but got " + value);
                }
                return value;
            }
        }
        throw error("expected a number of at most 5 bytes for " + what + ", but it is longer");
    }

    /** A number of things, each of which takes at least one more byte. */
    int count(String what) throws BonsaiFormatException {
        int count = (int) varint(what, Integer.MAX_VALUE);
        need(count, what);
        return count;
    }

    int zigzag(String what) throws BonsaiFormatException {
        long value = varint(what, 0xffffffffL);
        return (int) (value >>> 1) ^ -(int) (value & 1);
    }

    int int32(String what) throws BonsaiFormatException {
        return lowBytes(Integer.BYTES, what);
    }

    /** Returns a number of at most four bytes, the lowest first. */
    int lowBytes(int count, String what) throws BonsaiFormatException {
        need(count, what);
        int value = 0;
        for (int shift = 0; shift < 8 * count; shift += 8) {
            value |= (bytes[position++] & 0xff) << shift;
        }
        return value;
    }

    byte[] bytes(long length, String what) throws BonsaiFormatException {
        need(length, what);
        int from = position;
        position += (int) length;
        return Arrays.copyOfRange(bytes, from, position);
    }

    BonsaiFormatException error(String problem) {
        return error(problem, BonsaiFormatException.COPY_AGAIN);
    }

    BonsaiFormatException error(String problem, String remedy) {
        return new BonsaiFormatException(place, problem, remedy);
    }
}
