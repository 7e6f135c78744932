package dev.bonsai.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.type.Constants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A file of ONNX in ONNX Runtime, on one thread. */
final class OrtSession implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final ai.onnxruntime.OrtSession session;

    OrtSession(byte[] file) throws OrtException {
        this(file, SessionOptions.OptLevel.ALL_OPT);
    }

    OrtSession(byte[] file, SessionOptions.OptLevel level) throws OrtException {
        try (SessionOptions options = new SessionOptions()) {
            // errors only: an initializer that its own optimizer folds away is a warning
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(level);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            session = environment.createSession(file, options);
        }
    }

    /** Runs the file on inputs by name. */
    List<EncodedWeight> run(Map<String, EncodedWeight> inputs) throws OrtException {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
            for (var input : inputs.entrySet()) {
                if (session.getInputNames().contains(input.getKey())) {
                    given.put(input.getKey(), tensor(input.getValue()));
                }
            }
            try (Result result = session.run(given)) {
                List<EncodedWeight> outputs = new ArrayList<>();
                for (var output : result) {
                    outputs.add(value((OnnxTensor) output.getValue()));
                }
                return outputs;
            }
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(EncodedWeight value) throws OrtException {
        byte[] bytes = TensorWriter.bytes(value);
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
        buffer.put(bytes).flip(); // ONNX Runtime runs on little-endian machines only
        long[] shape = Arrays.stream(value.shape()).asLongStream().toArray();
        return OnnxTensor.createTensor(environment, buffer, shape, javaType(Constants.type(value)));
    }

    private static OnnxJavaType javaType(ElementType type) {
        return switch (type) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case BFLOAT16 -> OnnxJavaType.BFLOAT16;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case BOOLEAN -> OnnxJavaType.BOOL;
            case UINT16, UINT32, UINT64 ->
                    throw new IllegalArgumentException(
                            "ONNX Runtime's Java part has no type " + type);
        };
    }

    private static EncodedWeight value(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        int[] shape = Arrays.stream(info.getShape()).mapToInt(Math::toIntExact).toArray();
        ByteBuffer buffer = tensor.getByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (info.type == OnnxJavaType.FLOAT) {
            FloatBuffer floats = FloatBuffer.allocate(buffer.remaining() / Float.BYTES);
            floats.put(buffer.asFloatBuffer()).flip();
            return new DenseWeight(shape, floats, dev.bonsai.encoding.FloatFormat.FLOAT32);
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new ExactWeight(shape, elementType(info.type), bytes);
    }

    private static ElementType elementType(OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> ElementType.FLOAT32;
            case DOUBLE -> ElementType.FLOAT64;
            case FLOAT16 -> ElementType.FLOAT16;
            case BFLOAT16 -> ElementType.BFLOAT16;
            case INT8 -> ElementType.INT8;
            case UINT8 -> ElementType.UINT8;
            case INT16 -> ElementType.INT16;
            case INT32 -> ElementType.INT32;
            case INT64 -> ElementType.INT64;
            case BOOL -> ElementType.BOOLEAN;
            case STRING, UNKNOWN ->
                    throw new IllegalArgumentException("A result has the type " + type);
        };
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
