package dev.bonsai.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bonsai.core.StateArray;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.json.SpecialMembers;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** The arrays that the JSON of a file refers to, in the order in which they were met. */
final class WrittenArrays implements SpecialMembers {

    /** What is written behind the JSON. */
    static final Set<Class<?>> HELD =
            Set.of(
                    StateArray.class,
                    Codes.class,
                    BitSet.class,
                    float[].class,
                    double[].class,
                    byte[].class,
                    int[].class,
                    long[].class);

    private final List<StateArray> arrays = new ArrayList<>();

    List<StateArray> arrays() {
        return arrays;
    }

    @Override
    public boolean hold(Class<?> type) {
        return HELD.contains(type);
    }

    @Override
    public JsonElement write(Object value) {
        return value instanceof Codes codes ? write(codes) : add(HeapArray.of(value));
    }

    private JsonObject write(Codes codes) {
        int low = Integer.MAX_VALUE;
        int high = Integer.MIN_VALUE;
        for (int i = 0; i < codes.size(); ++i) {
            low = Math.min(low, codes.get(i));
            high = Math.max(high, codes.get(i));
        }
        long range = codes.size() == 0 ? 0 : (long) high - low;
        ElementType type =
                range <= 0xff
                        ? ElementType.UINT8
                        : range <= 0xffff ? ElementType.UINT16 : ElementType.INT32;
        int from = codes.size() == 0 || type == ElementType.INT32 ? 0 : low;
        JsonObject json = add(HeapArray.of(codes, type, from));
        json.addProperty(StateFormat.LOW, from);
        return json;
    }

    JsonObject add(StateArray array) {
        JsonObject json = new JsonObject();
        json.addProperty(StateFormat.ARRAY, arrays.size());
        arrays.add(array);
        return json;
    }

    @Override
    public Object read(JsonElement json, Class<?> type) {
        throw new IllegalStateException("A file is read by a StateFileReader");
    }
}
