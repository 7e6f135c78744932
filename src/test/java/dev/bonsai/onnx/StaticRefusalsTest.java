package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.activation.IntegerTarget;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.graph.GraphModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** What static int8 refuses, and what it leaves in floats when asked to. */
public class StaticRefusalsTest extends ExportFolder {

    @Test
    public void aGridThatInt8CannotSayIsAnError() throws Exception {
        GridWeight wide = IntegerModels.grid(1, 9, 5, 24);
        GridWeight grouped =
                new GridWeight(
                        new int[] {2, 4},
                        4,
                        new ScaleLayout(2, 4, 2),
                        new int[8],
                        new float[] {1, 2, 1, 1},
                        new int[4]);
        GridWeight affine =
                new GridWeight(
                        new int[] {2, 4},
                        4,
                        new ScaleLayout(1, 8, 8),
                        new int[8],
                        new float[] {1},
                        new int[] {1});
        for (GridWeight weight : List.of(wide, grouped, affine)) {
            int[] shape = weight.shape();
            Calibration calibration =
                    Calibration.of(
                            IntegerModels.gemm(weight, OnnxModels.floats(1, shape[0])),
                            IntegerModels.normal(2, 3, shape[1]));
            Path file = folder.resolve("unsaid.onnx");
            OnnxExportException e =
                    expectThrows(
                            OnnxExportException.class,
                            () ->
                                    OnnxExporter.write(
                                            file, calibration, OnnxQuantization.staticInt8()));
            assertTrue(e.getMessage().contains("optFloat(\"weight\")"), e.getMessage());
            assertFalse(Files.exists(file));
        }
    }

    @Test
    public void aGridTooFineForItsBiasIsAnError() {
        GridWeight fine =
                new GridWeight(
                        new int[] {1, 4},
                        4,
                        new ScaleLayout(1, 4, 4),
                        new int[] {1, 2, 3, 4},
                        new float[] {1e-9f},
                        new int[1]);
        EncodedWeight bias = new dev.bonsai.encoding.DenseWeight(new int[] {1}, new float[] {100});
        Calibration calibration =
                Calibration.of(IntegerModels.gemm(fine, bias), IntegerModels.normal(2, 3, 4));
        OnnxExportException e =
                expectThrows(
                        OnnxExportException.class,
                        () ->
                                OnnxExporter.write(
                                        folder.resolve("fine.onnx"),
                                        calibration,
                                        OnnxQuantization.staticInt8()));
        assertTrue(e.getMessage().contains("the bias needs more than 32 bits"), e.getMessage());
    }

    @Test
    public void namedProductsStayInFloats() throws Exception {
        GraphModel model = IntegerModels.lenet();
        Calibration calibration = Calibration.of(model, IntegerModels.normal(1, 8, 1, 28, 28));
        List<String> paths =
                calibration.model().graph().nodes().stream()
                        .flatMap(node -> IntegerTarget.of(node, calibration.model()).stream())
                        .map(IntegerTarget::weight)
                        .toList();
        assertEquals(paths.size(), 4);
        Path file = folder.resolve("inner.onnx");
        OnnxExporter.write(
                file,
                calibration,
                OnnxQuantization.builder(OnnxForm.STATIC_INT8)
                        .optFloat(paths.get(0), paths.get(3))
                        .build());
        Map<String, Long> kernels = OptimizedFile.kernels(file, folder);
        assertEquals(kernels.get("QLinearConv"), Long.valueOf(1), kernels.toString());
        assertEquals(kernels.get("QGemm"), Long.valueOf(1), kernels.toString());
        OnnxExportException unknown =
                expectThrows(
                        OnnxExportException.class,
                        () ->
                                OnnxExporter.write(
                                        file,
                                        calibration,
                                        OnnxQuantization.builder(OnnxForm.STATIC_INT8)
                                                .optFloat("nobody")
                                                .build()));
        assertTrue(unknown.getMessage().contains("[nobody]"), unknown.getMessage());
        OnnxExportException none =
                expectThrows(
                        OnnxExportException.class,
                        () ->
                                OnnxExporter.write(
                                        file,
                                        calibration,
                                        OnnxQuantization.builder(OnnxForm.STATIC_INT8)
                                                .optFloat(paths.toArray(String[]::new))
                                                .build()));
        assertTrue(none.getMessage().contains("No product"), none.getMessage());
    }

    @Test
    public void aFileThatIsTooFarAwayDoesNotAppear() {
        Calibration calibration =
                Calibration.of(IntegerModels.lenet(), IntegerModels.normal(1, 8, 1, 28, 28));
        Path file = folder.resolve("far.onnx");
        OnnxExportException e =
                expectThrows(
                        OnnxExportException.class,
                        () ->
                                OnnxExporter.write(
                                        file,
                                        calibration,
                                        OnnxQuantization.builder(OnnxForm.STATIC_INT8)
                                                .optLeastDecibels(100)
                                                .build()));
        assertTrue(e.getMessage().contains("100.0"), e.getMessage());
        assertFalse(Files.exists(file));
    }
}
