package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** What ONNX Runtime makes of a file: which kernels run. */
final class OptimizedFile {

    private OptimizedFile() {}

    static GraphProto graph(Path file) throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(file)).getGraph();
    }

    /** Counts the kernels by name. */
    static Map<String, Long> kernels(Path file, Path folder) throws Exception {
        Path optimized = folder.resolve("optimized.onnx");
        try (SessionOptions options = new SessionOptions()) {
            options.setOptimizedModelFilePath(optimized.toString());
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            OrtEnvironment.getEnvironment().createSession(file.toString(), options).close();
        }
        return graph(optimized).getNodeList().stream()
                .collect(Collectors.groupingBy(NodeProto::getOpType, Collectors.counting()));
    }
}
