package dev.bonsai.checkpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bonsai.core.StateArray;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.json.SpecialMembers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The arrays of a file that is read. Each is referred to once, so that all that is read into Java's
 * memory is no more than the file.
 */
final class ReadArrays implements SpecialMembers {

    private final List<? extends StateArray> arrays;
    private final BitSet taken = new BitSet();

    ReadArrays(List<? extends StateArray> arrays) {
        this.arrays = arrays;
    }

    @Override
    public boolean hold(Class<?> type) {
        return WrittenArrays.HELD.contains(type);
    }

    @Override
    public JsonElement write(Object value) {
        throw new IllegalStateException("A file is written by a StateFileWriter");
    }

    @Override
    public Object read(JsonElement json, Class<?> type) {
        JsonObject reference = json.getAsJsonObject();
        if (type == Codes.class) {
            check(reference, Set.of(StateFormat.ARRAY, StateFormat.LOW));
            return codes(take(reference), integer(reference, StateFormat.LOW));
        }
        check(reference, Set.of(StateFormat.ARRAY));
        StateArray array = take(reference);
        if (type == StateArray.class) {
            return array;
        }
        if (type == BitSet.class) {
            return BitSet.valueOf(longs(array));
        }
        return type == float[].class
                ? floats(array)
                : type == double[].class
                        ? doubles(array)
                        : type == long[].class
                                ? longs(array)
                                : type == int[].class ? ints(array) : bytes(array);
    }

    private static void check(JsonObject reference, Set<String> names) {
        if (!reference.keySet().equals(names)) {
            throw new IllegalStateException("A reference to an array has " + names);
        }
    }

    private static int integer(JsonObject json, String name) {
        if (!json.get(name).isJsonPrimitive() || !json.getAsJsonPrimitive(name).isNumber()) {
            throw new IllegalStateException("A number has no quotation marks");
        }
        return Integer.parseInt(json.get(name).getAsString());
    }

    /** Returns an array that nothing has referred to before. */
    StateArray take(JsonObject reference) {
        int index = integer(reference, StateFormat.ARRAY);
        if (index < 0 || index >= arrays.size() || taken.get(index)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "each of the %d arrays is referred to once, by its index from 0, but"
                                    + " got %d%s",
                            arrays.size(),
                            index,
                            index >= 0 && taken.get(index) ? " again" : ""));
        }
        taken.set(index);
        return arrays.get(index);
    }

    private static float[] floats(StateArray array) {
        FloatBuffer values = FloatBuffer.allocate(size(array, ElementType.FLOAT32));
        read(array, block -> values.put(block.asFloatBuffer()));
        return values.array();
    }

    private static double[] doubles(StateArray array) {
        DoubleBuffer values = DoubleBuffer.allocate(size(array, ElementType.FLOAT64));
        read(array, block -> values.put(block.asDoubleBuffer()));
        return values.array();
    }

    private static long[] longs(StateArray array) {
        LongBuffer values = LongBuffer.allocate(size(array, ElementType.INT64));
        read(array, block -> values.put(block.asLongBuffer()));
        return values.array();
    }

    private static int[] ints(StateArray array) {
        IntBuffer values = IntBuffer.allocate(size(array, ElementType.INT32));
        read(array, block -> values.put(block.asIntBuffer()));
        return values.array();
    }

    private static byte[] bytes(StateArray array) {
        ByteBuffer values = ByteBuffer.allocate(size(array, ElementType.INT8));
        read(array, values::put);
        return values.array();
    }

    private static int size(StateArray array, ElementType type) {
        array.checkFits(type, array.size());
        return array.size();
    }

    private static Codes codes(StateArray array, int low) {
        ElementType type = array.type();
        long range =
                switch (type) {
                    case UINT8 -> 0xff;
                    case UINT16 -> 0xffff;
                    case INT32 -> 0xffffffffL;
                    default ->
                            throw new IllegalArgumentException(
                                    "codes are UINT8, UINT16 or INT32, but got " + type);
                };
        boolean wide = type == ElementType.INT32;
        Codes.Builder codes =
                Codes.builder(
                        array.size(),
                        wide ? Integer.MIN_VALUE : low,
                        wide ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, low + range));
        int[] next = {0};
        read(
                array,
                block -> {
                    ByteBuffer distances = block.slice().order(ByteOrder.LITTLE_ENDIAN);
                    while (distances.hasRemaining()) {
                        int distance =
                                switch (type) {
                                    case UINT8 -> Byte.toUnsignedInt(distances.get());
                                    case UINT16 -> Short.toUnsignedInt(distances.getShort());
                                    default -> distances.getInt();
                                };
                        codes.set(next[0]++, wide ? distance : Math.addExact(low, distance));
                    }
                });
        return codes.build();
    }

    private static void read(StateArray array, StateArray.BlockConsumer consumer) {
        try {
            array.forEachBlock(consumer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
