package dev.bonsai.checkpoint;

import com.google.gson.JsonObject;
import dev.bonsai.core.StateType;
import dev.bonsai.encoding.Codes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.zip.CRC32C;

/** Seeded states, and files that are made by hand. */
public final class Samples {

    static final List<StateType> TYPES =
            List.of(StateType.of("everything", Everything.class, MethodHandles.lookup()));

    private Samples() {}

    /** Returns a state whose arrays have a size, and whose optional members are there or not. */
    static Everything everything(long seed, int size, boolean present) {
        Random random = new Random(seed);
        return new Everything(
                numbers(random),
                present
                        ? new Everything.Optionals(
                                OptionalInt.of(random.nextInt()),
                                OptionalLong.of(random.nextLong()),
                                OptionalDouble.of(random.nextGaussian()),
                                Optional.of(Float.NaN),
                                Optional.of("a \"text\" \u00fc\n\u0000\ud83d\ude00"),
                                Optional.of(numbers(random)),
                                Optional.of(bits(random, size)))
                        : new Everything.Optionals(
                                OptionalInt.empty(),
                                OptionalLong.empty(),
                                OptionalDouble.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                present
                        ? new Everything.Lists(
                                List.of(1, Integer.MIN_VALUE, Integer.MAX_VALUE),
                                List.of(Double.MIN_VALUE, -0.0, Double.NEGATIVE_INFINITY),
                                List.of("", "array"),
                                List.of(Everything.Color.GREEN, Everything.Color.RED),
                                List.of(numbers(random), numbers(random)),
                                List.of(floats(random, size), new float[0]))
                        : new Everything.Lists(
                                List.of(), List.of(), List.of(), List.of(), List.of(), List.of()),
                arrays(random, size),
                present ? "text" : "",
                present ? Everything.Color.GREEN : Everything.Color.RED);
    }

    private static Everything.Numbers numbers(Random random) {
        return new Everything.Numbers(
                random.nextInt(),
                random.nextLong(),
                Float.intBitsToFloat(random.nextInt()) + 0f,
                random.nextBoolean() ? -0.0 : Double.longBitsToDouble(random.nextLong()),
                random.nextBoolean(),
                Long.MIN_VALUE);
    }

    private static Everything.Arrays arrays(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        int range = new int[] {1, 256, 257, 65_536, 65_537}[random.nextInt(5)];
        int low = random.nextInt(-100, 100);
        return new Everything.Arrays(
                bytes,
                random.ints(size).toArray(),
                random.longs(size).toArray(),
                floats(random, size),
                random.doubles(size).toArray(),
                bits(random, size),
                Codes.of(random.ints(size, low, low + range).toArray()),
                HeapArray.of(floats(random, size)));
    }

    static float[] floats(Random random, int size) {
        float[] floats = new float[size];
        for (int i = 0; i < size; ++i) {
            floats[i] = Float.intBitsToFloat(random.nextInt()); // any bits, NaNs of all kinds too
        }
        return floats;
    }

    private static BitSet bits(Random random, int size) {
        BitSet bits = new BitSet();
        for (int i = 0; i < size; ++i) {
            bits.set(i, random.nextBoolean());
        }
        return bits;
    }

    /** Returns the bytes of a file that holds states under "0", "1" and so on. */
    static byte[] file(Everything... states) {
        StateFileWriter writer = new StateFileWriter();
        JsonObject root = new JsonObject();
        for (int i = 0; i < states.length; ++i) {
            root.add(Integer.toString(i), writer.toJson(states[i], TYPES));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.write(Channels.newChannel(bytes), root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Returns a file with some JSON and the bytes of its arrays, headers included. */
    static byte[] file(String json, int arrays, byte... behind) {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(StateFormat.HEADER + text.length + behind.length + 4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(StateFormat.MAGIC)
                        .putInt(StateFormat.VERSION)
                        .putInt(arrays)
                        .putLong(text.length)
                        .put(text)
                        .put(behind);
        return summed(file.array());
    }

    /** Returns an array as it stands in a file. */
    static byte[] array(int type, long size, byte... elements) {
        return ByteBuffer.allocate(StateFormat.ARRAY_HEADER + elements.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) type)
                .putLong(size)
                .put(elements)
                .array();
    }

    /** Makes the checksum right. */
    public static byte[] summed(byte... file) {
        byte[] right = file.clone();
        int end = right.length - StateFormat.CHECKSUM;
        if (end >= 0) {
            CRC32C sum = new CRC32C();
            sum.update(Arrays.copyOf(right, end));
            ByteBuffer.wrap(right).order(ByteOrder.LITTLE_ENDIAN).putInt(end, (int) sum.getValue());
        }
        return right;
    }
}
