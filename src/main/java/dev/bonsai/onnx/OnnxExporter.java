package dev.bonsai.onnx;

import dev.bonsai.activation.ActivationGrids;
import dev.bonsai.file.AtomicFile;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.library.OptionalLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes a graph as a file of ONNX: operator set 17, IR version 8, the weights as initialisers
 * under their paths, in 32-bit floats or, with a {@link Calibration}, in integers.
 *
 * <p>The bytes are run by ONNX Runtime, on one thread, beside the model, at two sizes of the batch;
 * only if both compute the same does the file appear.
 *
 * <pre>{@code
 * OnnxExport export = OnnxExporter.write(Path.of("model.onnx"), traced);
 * System.out.println(export);
 * }</pre>
 */
public final class OnnxExporter {

    private OnnxExporter() {}

    /**
     * Writes a graph, compared with what plain Java computes.
     *
     * @param file the file; one that is there is replaced at once
     * @param model the graph with its weights
     * @return how well the file agrees with the model
     * @throws OnnxExportException if the graph can't be said in ONNX, or the file computes
     *     something else; no file is left
     * @throws IOException if it can't be written
     */
    public static OnnxExport write(Path file, GraphModel model) throws IOException {
        return write(file, model, ExportCheck.builder().build());
    }

    /**
     * Writes a graph.
     *
     * @param file the file; one that is there is replaced at once
     * @param model the graph with its weights
     * @param check how the file is compared with the model
     * @return how well the file agrees with the model
     * @throws OnnxExportException if the graph can't be said in ONNX, or the file computes
     *     something else; no file is left
     * @throws IOException if it can't be written
     */
    public static OnnxExport write(Path file, GraphModel model, ExportCheck check)
            throws IOException {
        OptionalLibrary.ONNX_MESSAGES.need();
        OptionalLibrary.ONNX_RUNTIME.need();
        byte[] bytes = GraphWriter.write(model);
        Comparison comparison = FileRun.compare(bytes, model, check);
        Optional<MetricChange> metric =
                FileMetric.of(
                        check.metric(),
                        asked -> check.reference(model).metric(asked),
                        bytes,
                        model.graph());
        AtomicFile.replace(file, bytes);
        return OnnxExport.of(file, bytes.length, OnnxForm.FLOAT32, comparison, metric);
    }

    /**
     * Writes a graph in static int8 with the grids that its activations were trained with: see
     * {@code ActivationQuantization}. No calibration is needed.
     *
     * @param file the file; one that is there is replaced at once
     * @param model the graph with its weights, as the training has left them
     * @param grids the grids of the same training
     * @return how well the file agrees with the same rounding in floats
     * @throws OnnxExportException if a value has no grid of 8 bits, the graph can't be said that
     *     way, ONNX Runtime does not run it, or it computes something else; no file is left
     * @throws IOException if it can't be written
     */
    public static OnnxExport write(Path file, GraphModel model, ActivationGrids grids)
            throws IOException {
        return write(file, model, grids, ExportCheck.builder().build());
    }

    /**
     * Writes a graph in static int8 with the grids that its activations were trained with.
     *
     * @param file the file; one that is there is replaced at once
     * @param model the graph with its weights, as the training has left them
     * @param grids the grids of the same training
     * @param check on which inputs the file is run, and the metric that is measured; it is always
     *     compared with the same rounding in plain Java, and has at least 20 dB of signal to noise
     * @return how well the file agrees with the same rounding in floats
     * @throws OnnxExportException as above
     * @throws IOException if it can't be written
     */
    public static OnnxExport write(
            Path file, GraphModel model, ActivationGrids grids, ExportCheck check)
            throws IOException {
        OptionalLibrary.ONNX_MESSAGES.need();
        OptionalLibrary.ONNX_RUNTIME.need();
        TrainedForm form = TrainedForm.of(model, grids);
        byte[] bytes = GraphWriter.write(form.model(), form.written());
        ModelReference reference = form.reference();
        Comparison comparison = form.compare(bytes, check, reference);
        Optional<MetricChange> metric =
                FileMetric.of(check.metric(), reference::metric, bytes, form.model().graph());
        AtomicFile.replace(file, bytes);
        return OnnxExport.of(file, bytes.length, OnnxForm.STATIC_INT8, comparison, metric);
    }

    /**
     * Writes a graph in integers, with no training: see {@link OnnxQuantization}.
     *
     * <p>ONNX Runtime runs the bytes on the batches of the calibration, beside the float graph in
     * plain Java.
     *
     * @param file the file; one that is there is replaced at once
     * @param calibration the model, and what it makes of sample inputs
     * @param quantization which products become integers, and how
     * @return how well the file agrees with the float model
     * @throws OnnxExportException if the graph can't be said that way, ONNX Runtime does not run
     *     it, or the outputs are further from the model's than allowed; no file is left
     * @throws IOException if it can't be written
     */
    public static OnnxExport write(
            Path file, Calibration calibration, OnnxQuantization quantization) throws IOException {
        OptionalLibrary.ONNX_MESSAGES.need();
        OptionalLibrary.ONNX_RUNTIME.need();
        byte[] bytes = GraphWriter.write(calibration.model(), quantization.written(calibration));
        Comparison comparison = QuantizedRun.compare(bytes, calibration, quantization);
        Optional<MetricChange> metric =
                FileMetric.of(
                        quantization.metric(),
                        calibration::metric,
                        bytes,
                        calibration.model().graph());
        AtomicFile.replace(file, bytes);
        return OnnxExport.of(file, bytes.length, quantization.form(), comparison, metric);
    }
}
