package dev.bonsai.checkpoint;

import static dev.bonsai.checkpoint.StateFileException.COPY_AGAIN;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.bonsai.core.StateArray;
import dev.bonsai.encoding.ElementType;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/** The parts of a file of states: found and checked when it is opened, read when asked for. */
final class StateFile implements Closeable {

    private final Path path;
    private final FileChannel channel;
    private final long end;
    private final List<StoredArray> arrays = new ArrayList<>();
    private JsonObject root = new JsonObject();

    private StateFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        end = channel.size() - StateFormat.CHECKSUM;
    }

    static StateFile open(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new StateFileException(
                    path,
                    "file",
                    "expected a regular file, but it is a folder, a device or a pipe",
                    "Name the file");
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            StateFile file = new StateFile(path, channel);
            file.read();
            return file;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    JsonObject root() {
        return root;
    }

    List<StoredArray> arrays() {
        return arrays;
    }

    private void read() throws IOException {
        need("header", 0, StateFormat.HEADER);
        ByteBuffer header = bytes(0, StateFormat.HEADER);
        if (header.getLong() != StateFormat.MAGIC) {
            throw error("header", "expected a file of states, but it is another", "Name one");
        }
        int version = header.getInt();
        if (version != StateFormat.VERSION) {
            throw error(
                    "header",
                    "expected version " + StateFormat.VERSION + ", but got " + version,
                    "Update Bonsai to read it");
        }
        checkSum();
        int count = header.getInt();
        long length = header.getLong();
        if (length < 0 || length > StateFormat.MOST_JSON) {
            throw error(
                    "JSON",
                    String.format(
                            Locale.ROOT,
                            "expected at most %d bytes, but got %d",
                            StateFormat.MOST_JSON,
                            length),
                    COPY_AGAIN);
        }
        need("JSON", StateFormat.HEADER, length);
        try {
            ByteBuffer json = ByteBuffer.allocate((int) length);
            forEachBlock(StateFormat.HEADER, length, json::put);
            root = StrictJson.parse(json.array());
        } catch (JsonParseException e) {
            throw new StateFileException(path, "JSON", e.getMessage(), COPY_AGAIN, e);
        }
        readArrays(count, StateFormat.HEADER + length);
    }

    private void checkSum() throws IOException {
        CRC32C sum = new CRC32C();
        forEachBlock(0, end, sum::update);
        int expected = bytes(end, StateFormat.CHECKSUM).getInt();
        if ((int) sum.getValue() != expected) {
            throw error("checksum", "the bytes are not those that were written", COPY_AGAIN);
        }
    }

    private void readArrays(int count, long from) throws IOException {
        if (count < 0) {
            throw error("arrays", "expected 0 or more, but got " + count, COPY_AGAIN);
        }
        long at = from;
        for (int i = 0; i < count; ++i) {
            String place = "array " + i;
            need(place, at, StateFormat.ARRAY_HEADER);
            ByteBuffer header = bytes(at, StateFormat.ARRAY_HEADER);
            int type = Byte.toUnsignedInt(header.get());
            long size = header.getLong();
            at += StateFormat.ARRAY_HEADER;
            if (type >= StateFormat.TYPES.size() || size < 0 || size > StateFormat.MOST_ELEMENTS) {
                throw error(
                        place,
                        String.format(
                                Locale.ROOT,
                                "expected a type below %d and at most %d elements, but got type %d"
                                        + " and %d elements",
                                StateFormat.TYPES.size(),
                                StateFormat.MOST_ELEMENTS,
                                type,
                                size),
                        COPY_AGAIN);
            }
            ElementType elements = StateFormat.TYPES.get(type);
            need(place, at, size * elements.bytes());
            arrays.add(new StoredArray(this, elements, (int) size, at));
            at += size * elements.bytes();
        }
        if (at != end) {
            throw error("end", (end - at) + " bytes follow the last array", COPY_AGAIN);
        }
    }

    /** Refuses a length that the bytes left can't hold, before memory is taken for it. */
    private void need(String place, long at, long length) throws StateFileException {
        if (length > end - at) {
            throw error(
                    place,
                    String.format(
                            Locale.ROOT,
                            "expected %d bytes, but only %d are left",
                            length,
                            Math.max(0, end - at)),
                    COPY_AGAIN);
        }
    }

    private ByteBuffer bytes(long at, int length) throws IOException {
        ByteBuffer bytes = StateFormat.buffer(length);
        fill(bytes, at);
        return bytes;
    }

    private void fill(ByteBuffer bytes, long at) throws IOException {
        long next = at;
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, next);
            if (read < 0) {
                throw new EOFException(path + " has become shorter while it was read");
            }
            next += read;
        }
        bytes.flip();
    }

    private void forEachBlock(long from, long length, StateArray.BlockConsumer consumer)
            throws IOException {
        ByteBuffer block = StateFormat.buffer((int) Math.min(StateFormat.BLOCK, length));
        for (long at = 0; at < length; at += block.limit()) {
            block.clear().limit((int) Math.min(StateFormat.BLOCK, length - at));
            fill(block, from + at);
            consumer.accept(block.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    private StateFileException error(String place, String problem, String remedy) {
        return new StateFileException(path, place, problem, remedy);
    }

    /** An array that stays in the file until its elements are asked for. */
    record StoredArray(StateFile file, ElementType type, int size, long at) implements StateArray {

        @Override
        public void forEachBlock(BlockConsumer consumer) throws IOException {
            file.forEachBlock(at, (long) size * type.bytes(), consumer);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
