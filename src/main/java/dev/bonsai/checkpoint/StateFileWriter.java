package dev.bonsai.checkpoint;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.bonsai.core.StateArray;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TransformState;
import dev.bonsai.file.AtomicFile;
import dev.bonsai.json.RecordJson;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * Collects records and arrays, and writes them into a file, whole or not at all.
 *
 * <pre>{@code
 * record Epoch(int number, double metric) {}
 * StateFileWriter writer = new StateFileWriter();
 * JsonObject root = writer.toJson(new Epoch(3, 0.98), MethodHandles.lookup());
 * block.getParameters()
 *         .toMap()
 *         .forEach((path, w) -> root.add(path, writer.toJson(StateArray.of(w.getArray()))));
 * writer.write(Path.of("epoch-3.state"), root);
 * }</pre>
 *
 * <p>Arrays are not copied: they are read when the file is written, and must not change until then.
 * Each object that this makes goes into the root once.
 */
public final class StateFileWriter {

    private final WrittenArrays arrays = new WrittenArrays();

    /** Starts without any. */
    public StateFileWriter() {}

    /**
     * Writes a record.
     *
     * @param record the record, of components as in {@link TransformState}
     * @param lookup a look-up of a class that sees it
     * @return its JSON
     * @throws IllegalArgumentException if a component can't be written
     */
    public JsonObject toJson(Record record, MethodHandles.Lookup lookup) {
        return RecordJson.ofStates(lookup, arrays).toJson(record);
    }

    /**
     * Writes the state of a transform, with the name of its type.
     *
     * @param state the state
     * @param types the types of its technique
     * @return its JSON
     * @throws IllegalArgumentException if it is of none of the types, or a component can't be
     *     written
     */
    public JsonObject toJson(TransformState state, Collection<StateType> types) {
        StateType type =
                types.stream()
                        .filter(t -> t.type() == state.getClass())
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                String.format(
                                                        Locale.ROOT,
                                                        "The state %s has no name: have"
                                                                + " getStateTypes of its technique"
                                                                + " return a StateType of it",
                                                        state.getClass().getName())));
        JsonObject json = toJson((Record) state, type.lookup());
        if (json.has(StateFormat.TYPE)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The state %s has a component '%s', which is the name of its type: call"
                                    + " it something else",
                            state.getClass().getName(),
                            StateFormat.TYPE));
        }
        json.addProperty(StateFormat.TYPE, type.name());
        return json;
    }

    /**
     * Writes an array.
     *
     * @param array the array, whose elements are read when the file is written
     * @return what refers to it
     */
    public JsonObject toJson(StateArray array) {
        return arrays.add(array);
    }

    /**
     * Writes the file, or replaces it at once.
     *
     * @param file the file
     * @param root what it is to hold, with whatever this has made
     * @throws IllegalArgumentException if the JSON is larger or deeper than what is read again
     * @throws IOException if it can't be written; an old file is as it was
     */
    public void write(Path file, JsonObject root) throws IOException {
        byte[] json = bytes(root);
        AtomicFile.replace(file, channel -> write(channel, json));
    }

    /**
     * Writes the bytes of such a file.
     *
     * @param channel where they go; it is not closed
     * @param root what they are to hold, with whatever this has made
     * @throws IllegalArgumentException if the JSON is larger or deeper than what is read again
     * @throws IOException if they can't be written
     */
    public void write(WritableByteChannel channel, JsonObject root) throws IOException {
        write(channel, bytes(root));
    }

    private static byte[] bytes(JsonObject root) {
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        try {
            StrictJson.parse(json);
        } catch (JsonParseException e) {
            throw new IllegalArgumentException(
                    "The JSON would not be read again: "
                            + e.getMessage()
                            + ": write long lists as arrays",
                    e);
        }
        return json;
    }

    private void write(WritableByteChannel channel, byte[] json) throws IOException {
        write(new Output(channel), json, List.copyOf(arrays.arrays()));
    }

    private static void write(Output output, byte[] json, List<StateArray> arrays)
            throws IOException {
        output.write(
                StateFormat.buffer(StateFormat.HEADER)
                        .putLong(StateFormat.MAGIC)
                        .putInt(StateFormat.VERSION)
                        .putInt(arrays.size())
                        .putLong(json.length)
                        .flip());
        output.write(ByteBuffer.wrap(json));
        for (StateArray array : arrays) {
            output.write(
                    StateFormat.buffer(StateFormat.ARRAY_HEADER)
                            .put((byte) StateFormat.TYPES.indexOf(array.type()))
                            .putLong(array.size())
                            .flip());
            long end = output.length + (long) array.size() * array.type().bytes();
            array.forEachBlock(output::write);
            if (output.length != end) {
                throw new IllegalStateException(
                        String.format(
                                Locale.ROOT,
                                "The array %s has handed over %d bytes more than its elements",
                                array,
                                output.length - end));
            }
        }
        output.write(
                StateFormat.buffer(StateFormat.CHECKSUM)
                        .putInt((int) output.sum.getValue())
                        .flip());
    }

    /** Counts and sums up what goes to a channel. */
    private static final class Output {

        private final WritableByteChannel channel;
        private final CRC32C sum = new CRC32C();
        private long length;

        Output(WritableByteChannel channel) {
            this.channel = channel;
        }

        void write(ByteBuffer bytes) throws IOException {
            length += bytes.remaining();
            sum.update(bytes.duplicate());
            while (bytes.hasRemaining()) { // a part at a time, as Java copies what is in its heap
                int part = Math.min(StateFormat.BLOCK, bytes.remaining());
                int written = channel.write(bytes.slice(bytes.position(), part));
                bytes.position(bytes.position() + written);
            }
        }
    }
}
