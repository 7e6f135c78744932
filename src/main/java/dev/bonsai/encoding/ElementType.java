package dev.bonsai.encoding;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The types of the elements of a weight or any other value; the lowest byte comes first. */
public enum ElementType {
    /** IEEE double precision. */
    FLOAT64(Double.BYTES),
    /** IEEE half precision. */
    FLOAT16(Short.BYTES),
    /** The upper half of a 32-bit float. */
    BFLOAT16(Short.BYTES),
    /** Signed, 8 bits. */
    INT8(Byte.BYTES),
    /** Unsigned, 8 bits. */
    UINT8(Byte.BYTES),
    /** Signed, 16 bits. */
    INT16(Short.BYTES),
    /** Unsigned, 16 bits. */
    UINT16(Short.BYTES),
    /** Signed, 32 bits. */
    INT32(Integer.BYTES),
    /** Unsigned, 32 bits. */
    UINT32(Integer.BYTES),
    /** Signed, 64 bits. */
    INT64(Long.BYTES),
    /** Unsigned, 64 bits. */
    UINT64(Long.BYTES),
    /** One byte per element: 0 or 1. */
    BOOLEAN(Byte.BYTES),
    /** IEEE single precision: the type of every weight that is not an {@link ExactWeight}. */
    FLOAT32(Float.BYTES);

    /** The types of an {@link ExactWeight}: all others have encodings of their own. */
    public static final Set<ElementType> EXACT =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(FLOAT32)));

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the bytes of an element.
     *
     * @return 1, 2, 4 or 8
     */
    public int bytes() {
        return bytes;
    }

    /** Returns the nearest 32-bit float of the element at a byte of a little-endian buffer. */
    float toFloat(ByteBuffer data, int at) {
        return switch (this) {
            case FLOAT32 -> data.getFloat(at);
            case FLOAT64 -> narrowed(data.getDouble(at));
            case FLOAT16 -> FloatFormat.FLOAT16.fromBits(Short.toUnsignedInt(data.getShort(at)));
            case BFLOAT16 -> FloatFormat.BFLOAT16.fromBits(Short.toUnsignedInt(data.getShort(at)));
            case INT8 -> data.get(at);
            case UINT8, BOOLEAN -> Byte.toUnsignedInt(data.get(at));
            case INT16 -> data.getShort(at);
            case UINT16 -> Short.toUnsignedInt(data.getShort(at));
            case INT32 -> data.getInt(at);
            case UINT32 -> Integer.toUnsignedLong(data.getInt(at));
            case INT64 -> data.getLong(at);
            case UINT64 -> unsigned(data.getLong(at));
        };
    }

    /** A number that is too small for a float does not become zero. */
    private static float narrowed(double value) {
        float nearest = (float) value;
        return nearest == 0f && value != 0 ? Math.copySign(Float.MIN_VALUE, nearest) : nearest;
    }

    private static float unsigned(long value) {
        // the lowest bit is kept sticky, so that halving does not change the rounding
        return value >= 0 ? value : 2f * ((value >>> 1) | (value & 1));
    }
}
