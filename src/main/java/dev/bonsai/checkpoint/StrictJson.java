package dev.bonsai.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.ToNumberPolicy;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Reads JSON that may be anything: no name twice, and neither too deep nor too much of it. */
final class StrictJson {

    /** Records in records are some levels deep. */
    private static final int MOST_LEVELS = 64;

    /** Each value takes some 100 bytes of memory. */
    private static final int MOST_VALUES = 1 << 21;

    private final JsonReader reader;
    private int values;

    private StrictJson(JsonReader reader) {
        this.reader = reader;
    }

    /**
     * Reads an object.
     *
     * @throws JsonParseException if the bytes are none, or too many
     */
    static JsonObject parse(byte[] bytes) {
        if (bytes.length > StateFormat.MOST_JSON) {
            throw new JsonParseException(
                    String.format(
                            Locale.ROOT,
                            "expected at most %d bytes, but got %d",
                            StateFormat.MOST_JSON,
                            bytes.length));
        }
        try (JsonReader reader =
                new JsonReader(
                        new InputStreamReader(
                                new ByteArrayInputStream(bytes),
                                StandardCharsets.UTF_8.newDecoder()))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement json = new StrictJson(reader).read(0);
            if (reader.peek() != JsonToken.END_DOCUMENT || !json.isJsonObject()) {
                throw new JsonParseException("expected one object and nothing behind it");
            }
            return json.getAsJsonObject();
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new JsonParseException("expected an object: " + e.getMessage(), e);
        }
    }

    private JsonElement read(int level) throws IOException {
        if (level > MOST_LEVELS || ++values > MOST_VALUES) {
            throw new MalformedJsonException(
                    String.format(
                            Locale.ROOT,
                            "there are more than %d levels or %d values",
                            MOST_LEVELS,
                            MOST_VALUES));
        }
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(level);
            case BEGIN_ARRAY -> array(level);
            case STRING -> new JsonPrimitive(reader.nextString());
            case NUMBER ->
                    new JsonPrimitive(ToNumberPolicy.LAZILY_PARSED_NUMBER.readNumber(reader));
            case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
            default -> throw new MalformedJsonException("no value at " + reader.getPath());
        };
    }

    private JsonArray array(int level) throws IOException {
        JsonArray array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(read(level + 1));
        }
        reader.endArray();
        return array;
    }

    private JsonObject object(int level) throws IOException {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.has(name)) {
                throw new MalformedJsonException("a name twice at " + reader.getPath());
            }
            object.add(name, read(level + 1));
        }
        reader.endObject();
        return object;
    }
}
