package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;

/** Plain values as arrays of the engine, and back. */
public final class EngineValues {

    private EngineValues() {}

    /**
     * Makes an array of a plain value.
     *
     * @param manager the owner of the array
     * @param value the value
     * @return an array of its type and shape
     */
    public static NDArray array(NDManager manager, EncodedWeight value) {
        return value instanceof ExactWeight exact
                ? Tensors.exact(
                        manager,
                        exact.data(),
                        DataType.valueOf(exact.type().name()),
                        Tensors.shape(exact.shape()))
                : Tensors.decoded(manager, value);
    }

    /**
     * Makes a plain value of an array.
     *
     * @param array the array
     * @return a value of its type and shape
     */
    public static EncodedWeight value(NDArray array) {
        int[] shape = Tensors.dimensions(array.getShape());
        ElementType type = Tensors.elementType(array);
        return type == ElementType.FLOAT32
                ? new DenseWeight(shape, array.toFloatArray())
                : new ExactWeight(shape, type, Tensors.bytes(array));
    }
}
