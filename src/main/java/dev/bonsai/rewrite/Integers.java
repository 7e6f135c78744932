package dev.bonsai.rewrite;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes constants of integers and booleans. */
final class Integers {

    private Integers() {}

    /** A constant of a type; the lowest bits of each number are taken. */
    static EncodedWeight of(ElementType type, int[] shape, long... numbers) {
        ByteBuffer bytes =
                ByteBuffer.allocate(type.bytes() * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long number : numbers) {
            switch (type.bytes()) {
                case Byte.BYTES -> bytes.put((byte) number);
                case Short.BYTES -> bytes.putShort((short) number);
                case Integer.BYTES -> bytes.putInt((int) number);
                default -> bytes.putLong(number);
            }
        }
        return new ExactWeight(shape.clone(), type, bytes.array());
    }
}
