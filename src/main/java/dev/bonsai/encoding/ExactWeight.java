package dev.bonsai.encoding;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that is not of 32-bit floats, kept bit for bit in its own type: a counter of 64 bits,
 * a table of bytes, a statistic in double precision.
 *
 * <p>An element is zero where all its bits are. The arrays belong to the record and must not be
 * changed.
 *
 * @param shape the shape, outermost dimension first
 * @param type the type of an element
 * @param data the bytes of the elements in row-major order, the lowest byte of each first
 */
public record ExactWeight(int[] shape, ElementType type, byte[] data) implements EncodedWeight {

    public ExactWeight {
        if (type == ElementType.FLOAT32) {
            throw new IllegalArgumentException(
                    "An exact weight is not of 32-bit floats: make a DenseWeight of them");
        }
        if ((long) Shapes.size(shape) * type.bytes() != data.length) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A weight of shape %s and type %s needs %d bytes, but got %d",
                            Arrays.toString(shape),
                            type,
                            (long) Shapes.size(shape) * type.bytes(),
                            data.length));
        }
    }

    /**
     * Writes the nearest 32-bit floats: numbers of more than 24 bits are rounded, but only zero
     * becomes zero. What goes back into a model is {@link #data}.
     */
    @Override
    public void decode(int from, float[] target, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; ++i) {
            target[i] = type.toFloat(buffer, (from + i) * type.bytes());
        }
    }

    @Override
    public boolean isZero(int index) {
        for (int i = index * type.bytes(); i < (index + 1) * type.bytes(); ++i) {
            if (data[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public EncodedWeight masked(BitSet keep) {
        byte[] kept = data.clone();
        int size = size();
        for (int i = keep.nextClearBit(0); i < size; i = keep.nextClearBit(i + 1)) {
            Arrays.fill(kept, i * type.bytes(), (i + 1) * type.bytes(), (byte) 0);
        }
        return new ExactWeight(shape, type, kept);
    }

    @Override
    public int bits() {
        return type.bytes() * Byte.SIZE;
    }

    @Override
    public int size() {
        return data.length / type.bytes();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExactWeight that
                && type == that.type
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(data);
    }
}
