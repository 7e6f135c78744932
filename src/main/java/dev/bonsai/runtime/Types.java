package dev.bonsai.runtime;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.FloatFormat;
import dev.bonsai.graph.type.Constants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** How the types of elements lie in arrays. */
final class Types {

    private Types() {}

    /** Makes an array of zeros for a type. */
    static Object zeros(ElementType type, int size) {
        if (type == ElementType.FLOAT64) {
            return new double[size];
        }
        return Constants.isFloat(type) ? new float[size] : new long[size];
    }

    /** Makes an array of the kind of another. */
    static Object zerosLike(Object data, int size) {
        return data instanceof float[]
                ? new float[size]
                : data instanceof long[] ? new long[size] : new double[size];
    }

    /** Cuts integers to the bits of their type, and makes booleans 0 or 1. */
    static void wrap(ElementType type, long[] values) {
        switch (type) {
            case INT64, UINT64 -> {}
            case BOOLEAN -> {
                for (int i = 0; i < values.length; ++i) {
                    values[i] = values[i] == 0 ? 0 : 1;
                }
            }
            case INT8, INT16, INT32 -> {
                int gone = Long.SIZE - type.bytes() * Byte.SIZE;
                for (int i = 0; i < values.length; ++i) {
                    values[i] = values[i] << gone >> gone;
                }
            }
            case UINT8, UINT16, UINT32 -> {
                int gone = Long.SIZE - type.bytes() * Byte.SIZE;
                for (int i = 0; i < values.length; ++i) {
                    values[i] = values[i] << gone >>> gone;
                }
            }
            case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> throw new AssertionError(type);
        }
    }

    /** Rounds floats in place; what is too large becomes infinite. */
    static void round(FloatFormat format, float[] values) {
        for (int i = 0; i < values.length; ++i) {
            values[i] = format.roundUnbounded(values[i]);
        }
    }

    /** The array of the values that a weight stands for. */
    static Object decode(EncodedWeight weight) {
        ElementType type = Constants.type(weight);
        if (type == ElementType.FLOAT64) {
            double[] values = new double[weight.size()];
            ByteBuffer.wrap(((ExactWeight) weight).data())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asDoubleBuffer()
                    .get(values);
            return values;
        }
        if (Constants.isFloat(type)) {
            return weight.decode();
        }
        List<Long> numbers = Constants.integers(weight);
        long[] values = new long[numbers.size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = numbers.get(i);
        }
        return values;
    }

    /** The exact weight of an array. */
    static EncodedWeight exact(ElementType type, Object data, int[] shape) {
        int size = Sizes.elements(shape);
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(size, type.bytes()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; ++i) {
            switch (type) {
                case FLOAT64 -> bytes.putDouble(((double[]) data)[i]);
                case FLOAT32 -> bytes.putFloat(((float[]) data)[i]);
                case FLOAT16 -> bytes.putShort(half(FloatFormat.FLOAT16, (float[]) data, i));
                case BFLOAT16 -> bytes.putShort(half(FloatFormat.BFLOAT16, (float[]) data, i));
                case INT8, UINT8, BOOLEAN -> bytes.put((byte) ((long[]) data)[i]);
                case INT16, UINT16 -> bytes.putShort((short) ((long[]) data)[i]);
                case INT32, UINT32 -> bytes.putInt((int) ((long[]) data)[i]);
                case INT64, UINT64 -> bytes.putLong(((long[]) data)[i]);
            }
        }
        return new ExactWeight(shape, type, bytes.array());
    }

    private static short half(FloatFormat format, float[] data, int i) {
        return (short) format.toBits(data[i]);
    }

    /** An element of any array as a double. */
    static double real(Object data, int i) {
        return data instanceof float[] floats
                ? floats[i]
                : data instanceof long[] longs ? longs[i] : ((double[]) data)[i];
    }
}
