package dev.bonsai.onnx;

import ai.onnxruntime.OrtException;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.GraphException;
import java.util.Map;

/** Runs a file beside the model that it was written of. */
final class FileRun {

    private FileRun() {}

    static Comparison compare(byte[] bytes, GraphModel model, ExportCheck check)
            throws OnnxExportException {
        return compare(bytes, model.graph(), check, check.reference(model), check.tolerance());
    }

    static Comparison compare(
            byte[] bytes,
            Graph graph,
            ExportCheck check,
            ModelReference reference,
            double tolerance)
            throws OnnxExportException {
        Comparison comparison = new Comparison(tolerance);
        try (OrtSession session = new OrtSession(bytes)) {
            for (int run = 0; run < CheckInputs.RUNS; ++run) {
                Map<String, EncodedWeight> inputs = CheckInputs.of(graph, check, run);
                comparison.add(
                        graph.outputs(), session.run(inputs), reference.run(inputs.values()));
            }
        } catch (OrtException e) {
            throw new OnnxExportException(
                    "ONNX Runtime does not run the file, so that none was written: "
                            + e.getMessage(),
                    e);
        } catch (GraphException | ArithmeticException e) {
            throw new OnnxExportException(
                    "The model can't be compared with the file, so that none was written: "
                            + e.getMessage()
                            + ". Name sizes that fit with ExportCheck.optSizes",
                    e);
        }
        return comparison;
    }
}
