package dev.bonsai.examples;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.onnx.Calibration;
import dev.bonsai.onnx.ExportCheck;
import dev.bonsai.onnx.ExportChoice;
import dev.bonsai.onnx.ExportMetric;
import dev.bonsai.onnx.ExportSpeed;
import dev.bonsai.onnx.MetricChange;
import dev.bonsai.onnx.OnnxExport;
import dev.bonsai.onnx.OnnxExportException;
import dev.bonsai.onnx.OnnxExporter;
import dev.bonsai.onnx.OnnxForm;
import dev.bonsai.onnx.OnnxQuantization;
import dev.bonsai.page.Deployed;
import dev.bonsai.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Writes a file as ONNX, in floats and in integers, and says which to take for what. */
final class OnnxFiles {

    static final String FLOATS = "model.onnx";
    static final String INTEGERS = "model-int8.onnx";

    /** The batches of validation images that show the ranges of the activations. */
    private static final int BATCHES = 2;

    /** The microseconds of a millisecond. */
    private static final double MICROS = 1000;

    private final PlainImages images;
    private final List<Tensor> samples = new ArrayList<>();

    OnnxFiles(ImageData data) throws IOException, TranslateException {
        images = PlainImages.of(data.test());
        try (NDManager manager = NDManager.newBaseManager()) {
            calibrate(data.validation(), manager);
        }
    }

    /** One image first, as files are timed on that. */
    private void calibrate(Dataset validation, NDManager manager)
            throws IOException, TranslateException {
        for (Batch batch : validation.getData(manager)) {
            try (batch) {
                NDArray all = batch.getData().head();
                if (samples.isEmpty()) {
                    samples.add(PlainImages.tensor(all.get("0:1")));
                }
                if (samples.size() <= BATCHES) {
                    samples.add(PlainImages.tensor(all));
                }
            }
        }
    }

    /**
     * What was found.
     *
     * @param text for people
     * @param files the files, as lines of a page
     */
    record Written(String text, List<Deployed> files) {}

    /** Writes the ONNX files beside a file, and has ONNX Runtime compute them. */
    Written write(Path file) throws IOException {
        GraphModel model = BonsaiFile.read(file).graphModel().orElseThrow();
        ExportMetric accuracy = ExportMetric.accuracy(images.batches(), images.classes());
        OnnxExport floats =
                OnnxExporter.write(
                        file.resolveSibling(FLOATS),
                        model,
                        ExportCheck.builder().optMetric(accuracy).build());
        String found = "ONNX, as ONNX Runtime computes it:\n" + floats;
        try {
            Calibration calibration = Calibration.of(model, samples.toArray(Tensor[]::new));
            OnnxExport integers =
                    OnnxExporter.write(
                            file.resolveSibling(INTEGERS),
                            calibration,
                            OnnxQuantization.builder(OnnxForm.STATIC_INT8)
                                    .optMetric(accuracy)
                                    .build());
            ExportSpeed speed = ExportSpeed.measure(floats, integers, calibration);
            ExportChoice choice = ExportChoice.of(speed);
            return new Written(
                    found + "\n" + integers + "\n\nWhich of the two to take:\n" + choice,
                    List.of(
                            line(floats, OptionalDouble.of(speed.floatMicros() / MICROS)),
                            line(integers, OptionalDouble.of(speed.integerMicros() / MICROS))));
        } catch (OnnxExportException e) {
            Files.deleteIfExists(file.resolveSibling(INTEGERS)); // that of an earlier file
            return new Written(
                    found + "\nNo file in integers: " + e.getMessage(),
                    List.of(line(floats, OptionalDouble.empty())));
        }
    }

    /** Removes the ONNX files of an earlier file, where there are none of this one. */
    static void forget(Path file) throws IOException {
        Files.deleteIfExists(file.resolveSibling(FLOATS));
        Files.deleteIfExists(file.resolveSibling(INTEGERS));
    }

    /** The first of the samples that files are timed on is one image. */
    private static Deployed line(OnnxExport export, OptionalDouble milliseconds) {
        return new Deployed(
                export.file().getFileName().toString(),
                "ONNX Runtime",
                export.bytes(),
                export.metric().stream().mapToDouble(MetricChange::ofFile).findFirst(),
                milliseconds);
    }
}
