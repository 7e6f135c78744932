package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.type.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Plain values of arrays and numbers. */
final class Values {

    private Values() {}

    /** Returns a plain copy of an array. */
    static EncodedWeight of(NDArray array) {
        int[] shape = Tensors.dimensions(array.getShape());
        return array.getDataType() == DataType.FLOAT32
                ? new DenseWeight(shape, array.toFloatArray())
                : new ExactWeight(shape, Tensors.elementType(array), Tensors.bytes(array));
    }

    static Shape shape(ai.djl.ndarray.types.Shape shape) {
        return Shape.of(shape.getShape());
    }

    /** Returns the type of a graph's values; fails if there is none. */
    static ElementType type(DataType type) {
        return Arrays.stream(ElementType.values())
                .filter(own -> own.name().equals(type.name()))
                .findFirst()
                .orElseThrow(() -> new Untranslatable("values of the type " + type));
    }

    /** Returns one number as a scalar of a type. */
    static EncodedWeight scalar(double value, ElementType type) {
        if (type == ElementType.FLOAT32) {
            return new DenseWeight(new int[0], new float[] {(float) value});
        }
        ByteBuffer bytes = ByteBuffer.allocate(type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FLOAT64 -> bytes.putDouble(value);
            case INT64, UINT64 -> bytes.putLong((long) value);
            case INT32, UINT32 -> bytes.putInt((int) value);
            case INT16, UINT16 -> bytes.putShort((short) value);
            case INT8, UINT8 -> bytes.put((byte) value);
            case BOOLEAN -> bytes.put((byte) (value == 0 ? 0 : 1));
            case FLOAT16, BFLOAT16, FLOAT32 ->
                    throw new Untranslatable("a number of the type " + type);
        }
        return new ExactWeight(new int[0], type, bytes.array());
    }
}
