package dev.bonsai.onnx;

import ai.onnxruntime.OrtException;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Measures a metric of a file, beside that of the model that it was written of. */
final class FileMetric {

    private FileMetric() {}

    static Optional<MetricChange> of(
            Optional<ExportMetric> asked,
            ToDoubleFunction<ExportMetric> model,
            byte[] file,
            Graph graph)
            throws OnnxExportException {
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        ExportMetric metric = asked.get();
        try (OrtSession session = new OrtSession(file)) {
            double ofFile = metric.of(inputs -> run(session, inputs, graph));
            return Optional.of(
                    new MetricChange(metric.name(), model.applyAsDouble(metric), ofFile));
        } catch (OrtException e) {
            throw refused(metric, e);
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof OrtException cause) {
                throw refused(metric, cause);
            }
            throw e;
        }
    }

    private static OnnxExportException refused(ExportMetric metric, OrtException e) {
        return new OnnxExportException(
                "ONNX Runtime does not run the file on what '"
                        + metric.name()
                        + "' is measured on, so that none was written: "
                        + e.getMessage(),
                e);
    }

    private static List<EncodedWeight> run(
            OrtSession session, List<EncodedWeight> inputs, Graph graph) {
        Map<String, EncodedWeight> named = new LinkedHashMap<>();
        for (int i = 0; i < graph.inputs().size() && i < inputs.size(); ++i) {
            named.put(graph.inputs().get(i).name(), inputs.get(i));
        }
        try {
            return session.run(named);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
