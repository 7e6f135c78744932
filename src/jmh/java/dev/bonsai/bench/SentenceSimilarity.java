package dev.bonsai.bench;

import dev.bonsai.onnx.Calibration;
import dev.bonsai.onnx.ExportMetric;
import dev.bonsai.onnx.ExportSpeed;
import dev.bonsai.onnx.ExportCheck;
import dev.bonsai.onnx.ExportChoice;
import dev.bonsai.onnx.OnnxExport;
import dev.bonsai.onnx.OnnxExporter;
import dev.bonsai.onnx.OnnxForm;
import dev.bonsai.onnx.OnnxImporter;
import dev.bonsai.onnx.OnnxQuantization;
import dev.bonsai.runtime.Tensor;
import dev.bonsai.text.Numbers;
import dev.bonsai.text.TextTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Prints how well files of all-MiniLM-L6-v2 order pairs of sentences by their similarity, as
 * Spearman's correlation with people's scores: in floats, int8 and 4 bits, and the int8 file that
 * ONNX Runtime's own quantizer made. Options are chosen on the development set; the test set is for
 * the figures that are published.
 */
@Command(name = "SentenceSimilarity", mixinStandardHelpOptions = true, sortOptions = false)
public final class SentenceSimilarity implements Callable<Integer> {

    private static final double LEAST_DECIBELS = -10;
    private static final double LARGEST_LOSS = 0.001;

    @Option(names = "--pairs", description = "rows of two sentences and a score")
    private Path pairs = Path.of("../shared/datasets/stsb/stsb-dev.csv");

    @Option(names = "--samples", description = "such rows for the ranges of the activations")
    private Path samples = Path.of("../shared/datasets/stsb/stsb-train.csv");

    @Option(names = "--count", description = "sentences of them that are used")
    private int count = 64;

    @Option(names = "--forms", split = ",", description = "${COMPLETION-CANDIDATES}")
    private List<OnnxForm> forms =
            List.of(OnnxForm.STATIC_INT8, OnnxForm.DYNAMIC_INT8, OnnxForm.BLOCKS_4_BIT);

    private SentenceSimilarity() {}

    /** Prints the table. */
    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new SentenceSimilarity())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        SentencePairs judged = SentencePairs.read(pairs);
        ExportMetric metric = new ExportMetric("Spearman", judged::spearman);
        Calibration calibration =
                Calibration.of(
                        OnnxImporter.read(EngineModel.resource(EngineModel.MINILM)), batches());
        Path folder = Files.createTempDirectory("similarity");
        List<OnnxExport> exports = new ArrayList<>();
        exports.add(
                OnnxExporter.write(
                        folder.resolve(OnnxForm.FLOAT32.name()),
                        calibration.model(),
                        ExportCheck.builder().optMetric(metric).build()));
        for (OnnxForm form : forms) {
            exports.add(
                    OnnxExporter.write(
                            folder.resolve(form.name()),
                            calibration,
                            OnnxQuantization.builder(form)
                                    .optMetric(metric)
                                    .optLeastDecibels(LEAST_DECIBELS)
                                    .build()));
        }
        print(exports, judged);
        List<ExportSpeed> speeds = new ArrayList<>();
        for (OnnxExport export : exports.subList(1, exports.size())) {
            speeds.add(ExportSpeed.measure(exports.get(0), export, calibration));
        }
        System.out.println(ExportChoice.of(speeds).within(LARGEST_LOSS));
        for (OnnxExport export : exports) {
            Files.delete(export.file());
        }
        Files.delete(folder);
        return 0;
    }

    /** Sentences from all over the file. */
    private List<List<Tensor>> batches() throws Exception {
        List<List<Tensor>> all = SentencePairs.read(samples).sentences();
        List<List<Tensor>> some = new ArrayList<>();
        for (int i = 0; i < count; ++i) {
            some.add(all.get((int) ((long) i * all.size() / count)));
        }
        return some;
    }

    private void print(List<OnnxExport> exports, SentencePairs judged) throws Exception {
        TextTable table = new TextTable(pairs.getFileName().toString(), "#bytes", "#Spearman");
        for (OnnxExport export : exports) {
            table.row(
                    export.form().toString(),
                    Numbers.count(export.bytes()),
                    Numbers.fixed(100 * export.metric().orElseThrow().ofFile(), 2));
        }
        byte[] published = EngineModel.resource(EngineModel.MINILM_Q);
        try (EngineRun run = EngineRun.ort(published, 1)) {
            table.row(
                    "ONNX Runtime's own int8",
                    Numbers.count(published.length),
                    Numbers.fixed(100 * judged.spearman(inputs -> outputs(run, inputs)), 2));
        }
        System.out.println(table);
    }

    private static List<Tensor> outputs(EngineRun run, List<Tensor> inputs) {
        try {
            float[] values = run.once(inputs);
            return List.of(Tensor.of(values, values.length));
        } catch (Exception e) {
            throw new IllegalStateException("A sentence can't be run", e);
        }
    }
}
