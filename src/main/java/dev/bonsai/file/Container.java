package dev.bonsai.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The frame of a file: a header, then sections. A coded file has version 3, else one with a graph
 * 2, and another one 1.
 *
 * <pre>
 * header    magic (4 bytes), version (1), length of all that follows (varint)
 * section   tag (1), length (varint), payload, CRC-32C of the three (4)
 * </pre>
 *
 * <p>A tag is a letter: a capital one says that the file cannot be understood without the section,
 * a small one that it may be skipped.
 */
final class Container {

    /** The most bytes that a header takes. */
    static final int MAX_HEADER = 10;

    private static final byte[] MAGIC = {(byte) 0xb0, 'n', 's', 'i'};

    /** The newest version. */
    private static final int VERSION = 3;

    private static final String HEADER = "header";

    private Container() {}

    /**
     * A section.
     *
     * @param tag a letter, capital where the section is needed
     * @param payload what it holds
     */
    record Chunk(char tag, byte[] payload) {

        boolean isMandatory() {
            return Character.isUpperCase(tag);
        }

        String name() {
            return "section '" + tag + "'";
        }
    }

    static byte[] write(List<Chunk> chunks) {
        long length = 0;
        for (Chunk chunk : chunks) {
            length += head(chunk).size() + chunk.payload().length + Integer.BYTES;
        }
        ByteSink file = new ByteSink();
        file.bytes(MAGIC);
        file.u8(version(chunks));
        file.varint(length);
        file.reserve(length);
        for (Chunk chunk : chunks) {
            ByteSink head = head(chunk);
            CRC32C checksum = new CRC32C();
            checksum.update(head.toByteArray());
            checksum.update(chunk.payload());
            file.append(head);
            file.bytes(chunk.payload());
            file.int32((int) checksum.getValue());
        }
        return file.toByteArray();
    }

    private static int version(List<Chunk> chunks) {
        if (has(chunks, ModelReader.CODED)) {
            return VERSION;
        }
        return has(chunks, ModelReader.GRAPH) ? 2 : 1;
    }

    private static boolean has(List<Chunk> chunks, char tag) {
        return chunks.stream().anyMatch(chunk -> chunk.tag() == tag);
    }

    private static ByteSink head(Chunk chunk) {
        ByteSink head = new ByteSink();
        head.u8(chunk.tag());
        head.varint(chunk.payload().length);
        return head;
    }

    static List<Chunk> read(byte[] file) throws BonsaiFormatException {
        ByteSource source = new ByteSource(file, HEADER);
        int version = readHeader(source, file.length);
        List<Chunk> chunks = new ArrayList<>();
        while (source.left() > 0) {
            chunks.add(readChunk(file, source));
        }
        if (version != version(chunks)) {
            source.at(HEADER);
            throw source.error(
                    String.format(
                            Locale.ROOT,
                            "expected version %d for a file of these sections, but got %d",
                            version(chunks),
                            version));
        }
        return chunks;
    }

    /** Checks the first bytes of a file against its length, before the rest is read. */
    static void checkHeader(byte[] head, long fileLength) throws BonsaiFormatException {
        readHeader(new ByteSource(head, HEADER), fileLength);
    }

    private static int readHeader(ByteSource source, long fileLength) throws BonsaiFormatException {
        byte[] magic = source.bytes(Math.min(MAGIC.length, source.left()), "the magic");
        if (!Arrays.equals(magic, MAGIC)) {
            HexFormat hex = HexFormat.ofDelimiter(" ");
            throw source.error(
                    String.format(
                            Locale.ROOT,
                            "this is no .bonsai file: expected it to start with %s, but got '%s'",
                            hex.formatHex(MAGIC),
                            hex.formatHex(magic)),
                    "Give a file that BonsaiFile.write has written.");
        }
        int version = source.u8("the version");
        if (version > VERSION) {
            throw source.error(
                    String.format(
                            Locale.ROOT,
                            "the file has version %d of the format, but this Bonsai reads up to %d",
                            version,
                            VERSION),
                    BonsaiFormatException.UPDATE);
        }
        if (version < 1) {
            throw source.error("versions of the format start at 1, but the file says " + version);
        }
        long length = source.varint("the length", ByteSink.MAX_SIZE - MAX_HEADER);
        long actual = fileLength - source.position();
        if (length != actual) {
            throw source.error(
                    String.format(
                            Locale.ROOT,
                            "expected %d bytes after the header, but got %d: the file %s",
                            length,
                            actual,
                            actual < length ? "was cut short" : "has grown"));
        }
        return version;
    }

    private static Chunk readChunk(byte[] file, ByteSource source) throws BonsaiFormatException {
        int start = source.position();
        char tag = (char) source.u8("the tag of a section");
        source.at(
                "section '"
                        + (isLetter(tag) ? tag : String.format(Locale.ROOT, "0x%02x", (int) tag))
                        + "'");
        int length = source.count("its payload");
        byte[] payload = source.bytes(length, "its payload");
        int actual = checksum(file, start, source.position());
        int expected = source.int32("its checksum");
        if (actual != expected) {
            throw source.error(
                    String.format(
                            Locale.ROOT,
                            "expected the checksum %08x, but got %08x: the file was altered",
                            expected,
                            actual));
        }
        if (!isLetter(tag)) {
            throw source.error("a tag is a letter from A to Z or a to z");
        }
        source.at("end of " + new Chunk(tag, payload).name());
        return new Chunk(tag, payload);
    }

    private static boolean isLetter(char tag) {
        return (tag >= 'A' && tag <= 'Z') || (tag >= 'a' && tag <= 'z');
    }

    private static int checksum(byte[] bytes, int from, int to) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, to - from);
        return (int) checksum.getValue();
    }
}
