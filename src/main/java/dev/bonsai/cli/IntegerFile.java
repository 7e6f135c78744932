package dev.bonsai.cli;

import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.onnx.Calibration;
import dev.bonsai.onnx.OnnxExport;
import dev.bonsai.onnx.OnnxExporter;
import dev.bonsai.onnx.OnnxForm;
import dev.bonsai.onnx.OnnxQuantization;
import java.io.IOException;
import java.nio.file.Path;

/** An ONNX file that computes in integers. */
final class IntegerFile {

    private IntegerFile() {}

    /** The form that suits a model: with fixed ranges where there are convolutions. */
    private static OnnxForm form(GraphModel model) {
        boolean convolves =
                model.graph().nodes().stream().anyMatch(node -> node.operator() instanceof Conv);
        return convolves ? OnnxForm.STATIC_INT8 : OnnxForm.DYNAMIC_INT8;
    }

    /** Writes a file, with the ranges of its activations from samples. */
    static OnnxExport write(Path file, GraphModel model, Samples samples) throws IOException {
        return OnnxExporter.write(
                file,
                Calibration.of(model, samples.inputs()),
                OnnxQuantization.builder(form(model)).build());
    }
}
