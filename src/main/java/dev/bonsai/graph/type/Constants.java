package dev.bonsai.graph.type;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Makes and reads the small constants of a graph. */
public final class Constants {

    private static final Set<ElementType> INTEGERS =
            Set.of(
                    ElementType.INT8,
                    ElementType.UINT8,
                    ElementType.INT16,
                    ElementType.UINT16,
                    ElementType.INT32,
                    ElementType.UINT32,
                    ElementType.INT64,
                    ElementType.UINT64);

    private Constants() {}

    /**
     * Returns a list of 64-bit integers.
     *
     * @param numbers the numbers
     * @return a constant of rank 1
     */
    public static EncodedWeight integers(long... numbers) {
        return exact(new int[] {numbers.length}, numbers);
    }

    /**
     * Returns a 64-bit integer.
     *
     * @param number the number
     * @return a constant of rank 0
     */
    public static EncodedWeight integer(long number) {
        return exact(new int[0], number);
    }

    private static EncodedWeight exact(int[] shape, long... numbers) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        LongStream.of(numbers).forEach(bytes::putLong);
        return new ExactWeight(shape, ElementType.INT64, bytes.array());
    }

    /**
     * Returns a 32-bit float.
     *
     * @param value the value
     * @return a constant of rank 0
     */
    public static EncodedWeight scalar(float value) {
        return new DenseWeight(new int[0], new float[] {value});
    }

    /**
     * Returns a list of 32-bit floats.
     *
     * @param values the values
     * @return a constant of rank 1
     */
    public static EncodedWeight floats(float... values) {
        return new DenseWeight(new int[] {values.length}, values.clone());
    }

    /**
     * Returns the type of the elements that a weight stands for.
     *
     * @param value the weight
     * @return its own type if it is exact, else 32-bit floats
     */
    public static ElementType type(EncodedWeight value) {
        return value instanceof ExactWeight exact ? exact.type() : ElementType.FLOAT32;
    }

    /**
     * Tells whether a type is one of integers.
     *
     * @param type the type
     * @return false for floats and booleans
     */
    public static boolean isInteger(ElementType type) {
        return INTEGERS.contains(type);
    }

    /**
     * Tells whether a type is one of floats.
     *
     * @param type the type
     * @return false for integers and booleans
     */
    public static boolean isFloat(ElementType type) {
        return type != ElementType.BOOLEAN && !isInteger(type);
    }

    /**
     * Returns the numbers of a constant of integers or booleans.
     *
     * @param value the constant
     * @return the numbers in row-major order; unsigned ones of 64 bits as signed ones
     * @throws GraphException if it has another type
     */
    public static List<Long> integers(EncodedWeight value) {
        if (!(value instanceof ExactWeight exact) || isFloat(exact.type())) {
            throw new GraphException(
                    "Integers were expected, but the constant has the type %s", type(value));
        }
        ByteBuffer data = ByteBuffer.wrap(exact.data()).order(ByteOrder.LITTLE_ENDIAN);
        int bytes = exact.type().bytes();
        return IntStream.range(0, exact.size())
                .mapToObj(i -> integer(exact.type(), data, i * bytes))
                .toList();
    }

    private static long integer(ElementType type, ByteBuffer data, int at) {
        return switch (type) {
            case INT8 -> data.get(at);
            case UINT8, BOOLEAN -> Byte.toUnsignedLong(data.get(at));
            case INT16 -> data.getShort(at);
            case UINT16 -> Short.toUnsignedLong(data.getShort(at));
            case INT32 -> data.getInt(at);
            case UINT32 -> Integer.toUnsignedLong(data.getInt(at));
            case INT64, UINT64 -> data.getLong(at);
            case FLOAT64, FLOAT16, BFLOAT16, FLOAT32 -> throw new AssertionError(type);
        };
    }
}
