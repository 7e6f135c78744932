package dev.bonsai.block;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.type.Constants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Few integers or booleans on Java's side: what follows from shapes does not go through the device.
 *
 * @param type the type of the elements
 * @param shape the shape
 * @param values the elements in row-major order; 0 or 1 for a boolean
 */
record Numbers(ElementType type, Shape shape, long[] values) {

    /** The most elements that stay here. */
    static final int MOST = 1024;

    static Numbers list(long... values) {
        return new Numbers(ElementType.INT64, new Shape(values.length), values);
    }

    /** Returns the numbers of a constant, or empty if it is one of floats or too long. */
    static Optional<Numbers> of(EncodedWeight constant) {
        ElementType type = Constants.type(constant);
        if (Constants.isFloat(type) || constant.size() > MOST) {
            return Optional.empty();
        }
        List<Long> values = Constants.integers(constant);
        return Optional.of(
                new Numbers(
                        type,
                        new Shape(Arrays.stream(constant.shape()).asLongStream().toArray()),
                        values.stream().mapToLong(Long::longValue).toArray()));
    }

    int size() {
        return values.length;
    }

    int rank() {
        return shape.dimension();
    }

    Numbers reshaped(Shape other) {
        return new Numbers(type, other, values);
    }

    DataType dataType() {
        return Types.of(type);
    }

    /** Returns the elements, the lowest byte of each first. */
    byte[] bytes() {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            switch (type.bytes()) {
                case Byte.BYTES -> bytes.put((byte) value);
                case Short.BYTES -> bytes.putShort((short) value);
                case Integer.BYTES -> bytes.putInt((int) value);
                default -> bytes.putLong(value);
            }
        }
        return bytes.array();
    }

    /** Returns an integer as an element of a type holds it. */
    static long narrowed(ElementType type, long value) {
        return switch (type) {
            case INT8 -> (byte) value;
            case UINT8 -> Byte.toUnsignedLong((byte) value);
            case INT16 -> (short) value;
            case UINT16 -> Short.toUnsignedLong((short) value);
            case INT32 -> (int) value;
            case UINT32 -> Integer.toUnsignedLong((int) value);
            case BOOLEAN -> value == 0 ? 0 : 1;
            default -> value;
        };
    }
}
