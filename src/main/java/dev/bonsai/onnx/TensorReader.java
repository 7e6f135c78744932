package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.onnx.OnnxFormatException.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/** Makes constants of ONNX's tensors; no more memory is taken than the file has bytes for. */
final class TensorReader {

    private static final int MOST_AXES = 64;

    private TensorReader() {}

    static EncodedWeight read(TensorProto tensor) throws OnnxFormatException {
        String name = "The tensor '" + tensor.getName() + "'";
        if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
                || tensor.getExternalDataCount() > 0) {
            throw new OnnxFormatException(
                    Problem.UNSUPPORTED,
                    name
                            + " lies in a file of its own (external data), but the weights are"
                            + " expected in the model's file: write it again in one, in Python with"
                            + " onnx.save_model(onnx.load(path), path,"
                            + " save_as_external_data=False)");
        }
        if (tensor.hasSegment()) {
            throw new OnnxFormatException(
                    Problem.UNSUPPORTED, name + " is cut into segments: write it as a whole");
        }
        ElementType type = type(name, tensor.getDataType());
        int[] shape = shape(name, tensor.getDimsList());
        long size = 1;
        for (int dim : shape) {
            size *= dim; // shape() has checked the product
        }
        ByteBuffer bytes = bytes(name, tensor, type, size);
        if (type == ElementType.FLOAT32) {
            return new DenseWeight(shape, floats(bytes), dev.bonsai.encoding.FloatFormat.FLOAT32);
        }
        byte[] data = new byte[bytes.remaining()];
        bytes.get(data);
        return new ExactWeight(shape, type, data);
    }

    /** A copy, so that a small weight does not keep a whole file in memory. */
    private static FloatBuffer floats(ByteBuffer bytes) {
        FloatBuffer floats = FloatBuffer.allocate(bytes.remaining() / Float.BYTES);
        floats.put(bytes.asFloatBuffer());
        return floats.flip();
    }

    static ElementType type(String name, int number) throws OnnxFormatException {
        try {
            return Cast.type(number);
        } catch (GraphException e) {
            throw new OnnxFormatException(Problem.UNSUPPORTED, name + ": " + e.getMessage(), e);
        }
    }

    private static int[] shape(String name, List<Long> dims) throws OnnxFormatException {
        if (dims.size() > MOST_AXES) {
            throw new OnnxFormatException(
                    Problem.INVALID,
                    name + " has at most " + MOST_AXES + " axes, but got " + dims.size());
        }
        long size = 1;
        boolean empty = dims.contains(0L);
        for (long dim : dims) {
            if (dim < 0 || dim > Integer.MAX_VALUE) {
                throw new OnnxFormatException(
                        Problem.INVALID, name + " has dimensions of 0 or more, but got " + dims);
            }
            size *= dim; // at most 2^62 before it is checked
            if (!empty && size > Integer.MAX_VALUE - 16) {
                throw new OnnxFormatException(
                        Problem.INVALID, name + " is too large with its dimensions " + dims);
            }
        }
        return dims.stream().mapToInt(Long::intValue).toArray();
    }

    private static ByteBuffer bytes(String name, TensorProto tensor, ElementType type, long size)
            throws OnnxFormatException {
        long expected = size * type.bytes();
        if (tensor.hasRawData()) {
            check(name, "bytes", expected, tensor.getRawData().size());
            return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
        check(name, "elements", size, count(tensor, type));
        if (expected > Integer.MAX_VALUE - 16) {
            throw new OnnxFormatException(Problem.INVALID, name + " is too large");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) expected).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < size; ++i) {
            put(bytes, tensor, type, i);
        }
        return bytes.flip();
    }

    private static void check(String name, String what, long expected, long given)
            throws OnnxFormatException {
        if (expected != given) {
            throw new OnnxFormatException(
                    Problem.INVALID,
                    name
                            + " needs "
                            + expected
                            + " "
                            + what
                            + " of data for its shape, but has "
                            + given
                            + ": the file is damaged; export it again");
        }
    }

    private static int count(TensorProto tensor, ElementType type) {
        return switch (type) {
            case FLOAT32 -> tensor.getFloatDataCount();
            case FLOAT64 -> tensor.getDoubleDataCount();
            case INT64 -> tensor.getInt64DataCount();
            case UINT32, UINT64 -> tensor.getUint64DataCount();
            case INT8, UINT8, INT16, UINT16, INT32, BOOLEAN, FLOAT16, BFLOAT16 ->
                    tensor.getInt32DataCount();
        };
    }

    private static void put(ByteBuffer bytes, TensorProto tensor, ElementType type, int i) {
        switch (type) {
            case FLOAT32 -> bytes.putFloat(tensor.getFloatData(i));
            case FLOAT64 -> bytes.putDouble(tensor.getDoubleData(i));
            case INT64 -> bytes.putLong(tensor.getInt64Data(i));
            case UINT64 -> bytes.putLong(tensor.getUint64Data(i));
            case UINT32 -> bytes.putInt((int) tensor.getUint64Data(i));
            case INT32 -> bytes.putInt(tensor.getInt32Data(i));
            case INT16, UINT16, FLOAT16, BFLOAT16 -> bytes.putShort((short) tensor.getInt32Data(i));
            case INT8, UINT8 -> bytes.put((byte) tensor.getInt32Data(i));
            case BOOLEAN -> bytes.put((byte) (tensor.getInt32Data(i) == 0 ? 0 : 1));
        }
    }
}
