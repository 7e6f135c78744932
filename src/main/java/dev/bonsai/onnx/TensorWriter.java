package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.UnsafeByteOperations;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.type.Constants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes ONNX's tensors of weights and constants, with raw data. */
final class TensorWriter {

    private TensorWriter() {}

    static TensorProto write(String name, EncodedWeight value) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(Cast.number(Constants.type(value)))
                        .setRawData(UnsafeByteOperations.unsafeWrap(bytes(value)));
        for (int dim : value.shape()) {
            tensor.addDims(dim);
        }
        return tensor.build();
    }

    /** The elements, the lowest byte of each first. */
    static byte[] bytes(EncodedWeight value) {
        if (value instanceof ExactWeight exact) {
            return exact.data();
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(value.size(), Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        value.forEachBlock(
                (from, values, length) -> bytes.asFloatBuffer().put(from, values, 0, length));
        return bytes.array();
    }
}
