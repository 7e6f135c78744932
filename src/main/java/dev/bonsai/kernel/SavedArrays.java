package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import com.google.gson.JsonArray;
import dev.bonsai.checkpoint.StateFileReader;
import dev.bonsai.checkpoint.StateFileWriter;
import dev.bonsai.core.StateArray;
import java.io.IOException;
import java.util.List;

/** Arrays of the engine in a checkpoint, in an order that writer and reader agree on. */
final class SavedArrays {

    private SavedArrays() {}

    static JsonArray write(StateFileWriter writer, List<NDArray> arrays) {
        JsonArray json = new JsonArray();
        arrays.forEach(array -> json.add(writer.toJson(StateArray.of(array))));
        return json;
    }

    /** Overwrites arrays with what was written. */
    static void read(StateFileReader reader, JsonArray json, List<NDArray> arrays)
            throws IOException {
        if (json.size() != arrays.size()) {
            throw new IllegalArgumentException(
                    "Expected "
                            + arrays.size()
                            + " arrays, but the checkpoint has "
                            + json.size()
                            + ": it is of another model");
        }
        for (int i = 0; i < arrays.size(); ++i) {
            reader.toArray(json.get(i)).copyTo(arrays.get(i));
        }
    }
}
