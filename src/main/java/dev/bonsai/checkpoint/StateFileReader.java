package dev.bonsai.checkpoint;

import static dev.bonsai.checkpoint.StateFileException.OTHER;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bonsai.core.StateArray;
import dev.bonsai.core.StateType;
import dev.bonsai.core.TransformState;
import dev.bonsai.json.RecordJson;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;

/**
 * Reads a file that a {@link StateFileWriter} has written, strictly: it is sound as a whole, every
 * record has all of its members and no others, and every array the type and the length that it
 * should have.
 *
 * <p>Memory is taken only for what the file has bytes for, and a {@link StateArray} is read from
 * the file when it is asked for its elements, as long as this is open. A part of the JSON is read
 * once.
 */
public final class StateFileReader implements Closeable {

    private final StateFile file;
    private final ReadArrays arrays;

    private StateFileReader(StateFile file) {
        this.file = file;
        arrays = new ReadArrays(file.arrays());
    }

    /**
     * Opens a file.
     *
     * @param path the file
     * @return the reader, to be closed
     * @throws StateFileException if it is damaged, or no file of states
     * @throws IOException if it can't be read
     */
    public static StateFileReader open(Path path) throws IOException {
        return new StateFileReader(StateFile.open(path));
    }

    /**
     * Returns what was given to {@link StateFileWriter#write}.
     *
     * @return the JSON
     */
    public JsonObject root() {
        return file.root();
    }

    /**
     * Reads a record.
     *
     * @param <T> its type
     * @param json what {@link StateFileWriter#toJson(Record, MethodHandles.Lookup)} has made
     * @param type its type
     * @param lookup a look-up of a class that sees it
     * @return the record
     * @throws StateFileException if it is none, or not a valid one: the message names the member
     * @throws IOException if an array can't be read
     */
    public <T extends Record> T toRecord(
            JsonElement json, Class<T> type, MethodHandles.Lookup lookup) throws IOException {
        return read(
                type.getSimpleName(),
                () -> RecordJson.ofStates(lookup, arrays).fromJson(object(json), type));
    }

    /**
     * Reads the state of a transform.
     *
     * @param json what {@link StateFileWriter#toJson(TransformState, Collection)} has made
     * @param types the types of its technique
     * @return the state
     * @throws StateFileException if it is none of these types, or not a valid one
     * @throws IOException if an array can't be read
     */
    public TransformState toState(JsonElement json, Collection<StateType> types)
            throws IOException {
        return read(
                "state",
                () -> {
                    JsonObject members = object(json).deepCopy();
                    JsonElement given = members.remove(StateFormat.TYPE);
                    StateType type =
                            types.stream()
                                    .filter(t -> given != null && isName(given, t.name()))
                                    .findFirst()
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            String.format(
                                                                    Locale.ROOT,
                                                                    "the type is one of %s, but got"
                                                                            + " %s",
                                                                    types.stream()
                                                                            .map(StateType::name)
                                                                            .toList(),
                                                                    given)));
                    return RecordJson.ofStates(type.lookup(), arrays)
                            .fromJson(members, type.type());
                });
    }

    private static boolean isName(JsonElement json, String name) {
        return json.isJsonPrimitive()
                && json.getAsJsonPrimitive().isString()
                && json.getAsString().equals(name);
    }

    /**
     * Returns an array.
     *
     * @param json what {@link StateFileWriter#toJson(StateArray)} has made
     * @return the array, whose elements are read when they are asked for
     * @throws StateFileException if there is none
     * @throws IOException if it can't be read
     */
    public StateArray toArray(JsonElement json) throws IOException {
        return read("array", () -> (StateArray) arrays.read(object(json), StateArray.class));
    }

    /** What is read from the file, and may fail in several ways. */
    @FunctionalInterface
    private interface Reading<T> {
        T read();
    }

    private <T> T read(String what, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            throw new StateFileException(
                    file.path(), what, Objects.toString(e.getMessage(), e.toString()), OTHER, e);
        }
    }

    private static JsonObject object(JsonElement json) {
        if (json == null || !json.isJsonObject()) {
            throw new IllegalArgumentException("expected an object, but got " + json);
        }
        return json.getAsJsonObject();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
