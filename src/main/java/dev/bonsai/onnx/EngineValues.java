package dev.bonsai.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;

/** Plain values as arrays of the engine, and back. */
final class EngineValues {

    private EngineValues() {}

    static NDArray array(NDManager manager, EncodedWeight value) {
        return value instanceof ExactWeight exact
                ? Tensors.exact(
                        manager,
                        exact.data(),
                        DataType.valueOf(exact.type().name()),
                        Tensors.shape(exact.shape()))
                : Tensors.decoded(manager, value);
    }

    static EncodedWeight value(NDArray array) {
        int[] shape = Tensors.dimensions(array.getShape());
        ElementType type = Tensors.elementType(array);
        return type == ElementType.FLOAT32
                ? new DenseWeight(shape, array.toFloatArray())
                : new ExactWeight(shape, type, Tensors.bytes(array));
    }
}
