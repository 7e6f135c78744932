package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.testng.annotations.Test;

/** A metric is measured of the model and of the file that was written of it. */
public class ExportMetricTest extends ExportFolder {

    private static final List<Tensor> BATCHES =
            List.of(IntegerModels.normal(1, 40, 1, 28, 28), IntegerModels.normal(2, 24, 1, 28, 28));

    private final Calibration calibration =
            Calibration.of(IntegerModels.lenet(), BATCHES.toArray(Tensor[]::new));

    /** What the model itself says, with some labels that are wrong. */
    private List<int[]> labels(int wrong) {
        PlainModel model = PlainModel.of(calibration.model());
        List<int[]> labels = new ArrayList<>();
        for (Tensor batch : BATCHES) {
            Tensor scores = model.run(batch).get(0);
            int[] classes = new int[batch.shape()[0]];
            for (int row = 0; row < classes.length; ++row) {
                for (int i = 1; i < 10; ++i) {
                    classes[row] =
                            scores.floats()[10 * row + i] > scores.floats()[10 * row + classes[row]]
                                    ? i
                                    : classes[row];
                }
                classes[row] = row < wrong ? (classes[row] + 1) % 10 : classes[row];
            }
            labels.add(classes);
        }
        return labels;
    }

    @Test
    public void theAccuracyOnWhatTheModelSaysIsTheTop1Agreement() throws Exception {
        ExportMetric metric = ExportMetric.accuracy(BATCHES, labels(0));
        for (OnnxForm form : OnnxForm.values()) {
            OnnxExport export = write(form, metric);
            MetricChange change = export.metric().orElseThrow();
            assertEquals(change.ofModel(), 1.0, form.toString());
            if (form == OnnxForm.FLOAT32) {
                assertEquals(change.ofFile(), 1.0); // seeded scores with no near ties
            } else {
                assertEquals(change.ofFile(), export.top1Agreement().orElseThrow(), 1e-12);
            }
            assertEquals(change.loss(), 1 - change.ofFile(), 1e-12);
            assertTrue(export.toString().endsWith("; " + change), export.toString());
        }
        OnnxExport exact = write(OnnxForm.FLOAT32, ExportMetric.accuracy(BATCHES, labels(8)));
        assertEquals(exact.metric().orElseThrow().ofModel(), 48.0 / 64);
        assertEquals(exact.metric().orElseThrow().ofFile(), 48.0 / 64);
    }

    private OnnxExport write(OnnxForm form, ExportMetric metric) throws Exception {
        Path file = folder.resolve("metric.onnx");
        return form == OnnxForm.FLOAT32
                ? OnnxExporter.write(
                        file, calibration.model(), ExportCheck.builder().optMetric(metric).build())
                : OnnxExporter.write(
                        file,
                        calibration,
                        OnnxQuantization.builder(form).optMetric(metric).build());
    }

    @Test
    public void noneIsMeasuredUnlessAsked() throws Exception {
        Path file = folder.resolve("none.onnx");
        assertTrue(OnnxExporter.write(file, calibration.model()).metric().isEmpty());
        assertTrue(
                OnnxExporter.write(file, calibration, OnnxQuantization.staticInt8())
                        .metric()
                        .isEmpty());
    }

    @Test
    public void aMetricRunsModelAndFileAndTheModelOnce() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        ExportMetric metric =
                new ExportMetric(
                        "mean",
                        model -> {
                            runs.incrementAndGet();
                            return model.apply(List.of(BATCHES.get(0))).get(0).floats()[0];
                        });
        write(OnnxForm.STATIC_INT8, metric);
        assertEquals(runs.get(), 2);
        write(OnnxForm.DYNAMIC_INT8, metric);
        assertEquals(runs.get(), 3);
    }

    @Test
    public void whatCanNotBeMeasuredLeavesNoFile() throws Exception {
        Path file = folder.resolve("unmeasured.onnx");
        ExportMetric none = new ExportMetric("none", model -> Double.NaN);
        ExportMetric unfit =
                new ExportMetric(
                        "unfit",
                        model -> model.apply(List.of(IntegerModels.normal(1, 2, 3))).size());
        expectThrows(
                IllegalArgumentException.class,
                () ->
                        OnnxExporter.write(
                                file,
                                calibration.model(),
                                ExportCheck.builder().optMetric(none).build()));
        String text =
                expectThrows(
                                OnnxExportException.class,
                                () ->
                                        OnnxExporter.write(
                                                file,
                                                calibration,
                                                OnnxQuantization.builder(OnnxForm.STATIC_INT8)
                                                        .optMetric(unfit)
                                                        .build()))
                        .getMessage();
        assertTrue(text.contains("'unfit'"), text);
        assertFalse(Files.exists(file));
    }

    @Test
    public void labelsFitTheirBatches() {
        List<int[]> one = List.of(new int[40]);
        expectThrows(IllegalArgumentException.class, () -> ExportMetric.accuracy(BATCHES, one));
        expectThrows(
                IllegalArgumentException.class, () -> ExportMetric.accuracy(List.of(), List.of()));
        ExportMetric short1 = ExportMetric.accuracy(BATCHES, List.of(new int[39], new int[24]));
        String text =
                expectThrows(IllegalArgumentException.class, () -> calibration.metric(short1))
                        .getMessage();
        assertTrue(text.contains("(39, classes)") && text.contains("[40, 10]"), text);
        expectThrows(IllegalArgumentException.class, () -> new ExportMetric(" ", model -> 0));
    }
}
