package dev.bonsai.checkpoint;

import dev.bonsai.core.StateArray;
import dev.bonsai.encoding.Codes;
import dev.bonsai.encoding.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Numbers in Java's memory as an array of a file, without a copy of all of them.
 *
 * @param filler puts some of the numbers into a buffer
 */
record HeapArray(ElementType type, int size, Filler filler) implements StateArray {

    /** Puts the numbers from an index on, as many as there is room for. */
    @FunctionalInterface
    interface Filler {
        void put(ByteBuffer block, int from, int count);
    }

    static StateArray of(Object value) {
        if (value instanceof StateArray array) {
            return array;
        }
        if (value instanceof float[] floats) {
            return new HeapArray(
                    ElementType.FLOAT32,
                    floats.length,
                    (block, from, count) -> block.asFloatBuffer().put(floats, from, count));
        }
        if (value instanceof double[] doubles) {
            return new HeapArray(
                    ElementType.FLOAT64,
                    doubles.length,
                    (block, from, count) -> block.asDoubleBuffer().put(doubles, from, count));
        }
        if (value instanceof int[] ints) {
            return new HeapArray(
                    ElementType.INT32,
                    ints.length,
                    (block, from, count) -> block.asIntBuffer().put(ints, from, count));
        }
        if (value instanceof byte[] bytes) {
            return new HeapArray(
                    ElementType.INT8,
                    bytes.length,
                    (block, from, count) -> block.duplicate().put(bytes, from, count));
        }
        if (value instanceof BitSet bits) {
            return of(bits.toLongArray());
        }
        long[] longs = (long[]) value;
        return new HeapArray(
                ElementType.INT64,
                longs.length,
                (block, from, count) -> block.asLongBuffer().put(longs, from, count));
    }

    /**
     * Returns codes as their distances from a number.
     *
     * @param low the least code, 0 where the type is INT32
     */
    static HeapArray of(Codes codes, ElementType type, int low) {
        return new HeapArray(
                type,
                codes.size(),
                (block, from, count) -> {
                    for (int i = 0; i < count; ++i) {
                        int distance = codes.get(from + i) - low;
                        switch (type) {
                            case UINT8 -> block.put(i, (byte) distance);
                            case UINT16 -> block.putShort(i * Short.BYTES, (short) distance);
                            default -> block.putInt(i * Integer.BYTES, distance);
                        }
                    }
                });
    }

    @Override
    public void forEachBlock(BlockConsumer consumer) throws IOException {
        ByteBuffer block =
                StateFormat.buffer((int) Math.min(StateFormat.BLOCK, (long) size * type.bytes()));
        int most = StateFormat.BLOCK / type.bytes();
        for (int from = 0; from < size; from += Math.min(most, size - from)) {
            int count = Math.min(most, size - from);
            block.clear();
            filler.put(block, from, count);
            consumer.accept(block.limit(count * type.bytes()));
        }
    }
}
