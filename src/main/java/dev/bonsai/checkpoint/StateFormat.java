package dev.bonsai.checkpoint;

import dev.bonsai.encoding.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The format of a file of states, version 1; the lowest byte of a number comes first.
 *
 * <pre>
 * header    magic (8 bytes), version (4), number of arrays (4), length of the JSON (8)
 * JSON      an object in UTF-8
 * arrays    each: type (1), number of elements (8), elements
 * end       CRC-32C of all before (4)
 * </pre>
 *
 * <p>The JSON refers to an array as {@code {"array": 3}}, by its index from 0, and to none twice.
 */
final class StateFormat {

    static final long MAGIC = 0x45544154534e4f42L; // "BONSTATE" in the order of the bytes
    static final int VERSION = 1;
    static final int HEADER = 24;
    static final int ARRAY_HEADER = 9;
    static final int CHECKSUM = Integer.BYTES;

    /** The elements that are read or written at a time, in bytes: a multiple of all types'. */
    static final int BLOCK = 1 << 16;

    /** What the JSON may take: in memory it is several times as large. */
    static final int MOST_JSON = 1 << 25;

    /** An array of more elements than this is refused by some virtual machines. */
    static final int MOST_ELEMENTS = Integer.MAX_VALUE - 16;

    /** The types by their number in the file. */
    static final List<ElementType> TYPES =
            List.of(
                    ElementType.FLOAT64,
                    ElementType.FLOAT16,
                    ElementType.BFLOAT16,
                    ElementType.INT8,
                    ElementType.UINT8,
                    ElementType.INT16,
                    ElementType.UINT16,
                    ElementType.INT32,
                    ElementType.UINT32,
                    ElementType.INT64,
                    ElementType.UINT64,
                    ElementType.BOOLEAN,
                    ElementType.FLOAT32);

    static final String ARRAY = "array";
    static final String LOW = "low";
    static final String TYPE = "type";

    private StateFormat() {}

    static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
