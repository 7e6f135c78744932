package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.operator.WindowPool;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.runtime.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** A file in static int8 is near the float model, as near as its grids say. */
public class StaticInt8Test extends ExportFolder {

    /**
     * Values whose root mean square is a 16th of their range lose a step squared over 12 on a grid
     * of 255 steps: a noise 35 dB below. Ten such losses that add up leave 25.
     */
    private static final double LEAST_DECIBELS = 25;

    @Test
    public void lenetInInt8IsAQuarterAndAgrees() throws Exception {
        GraphModel model = IntegerModels.lenet();
        Calibration calibration =
                Calibration.of(
                        model,
                        IntegerModels.normal(1, 8, 1, 28, 28),
                        IntegerModels.normal(2, 5, 1, 28, 28));
        OnnxExport floats = OnnxExporter.write(folder.resolve("lenet.onnx"), model);
        Path file = folder.resolve("lenet-int8.onnx");
        OnnxExport export = OnnxExporter.write(file, calibration, OnnxQuantization.staticInt8());
        assertEquals(export.bytes(), Files.size(file));
        assertEquals(export.form(), OnnxForm.STATIC_INT8);
        assertTrue(export.bytes() < 0.27 * floats.bytes(), export.toString());
        assertTrue(export.decibels() > LEAST_DECIBELS, export.toString());
        Map<String, Long> kernels = OptimizedFile.kernels(file, folder);
        assertEquals(kernels.get("QLinearConv"), Long.valueOf(2), kernels.toString());
        assertEquals(kernels.get("QGemm"), Long.valueOf(2), kernels.toString());
        assertFalse(kernels.containsKey("Relu"), kernels.toString());
        assertFalse(kernels.containsKey("Conv"), kernels.toString());
    }

    @Test
    public void aResidualNetworkRunsInIntegersAndAgrees() throws Exception {
        Block block =
                ResNetV1.builder()
                        .setImageShape(new Shape(3, 32, 32))
                        .setNumLayers(18)
                        .setOutSize(10)
                        .build();
        GraphModel model = IntegerModels.traced(block, 3, 3, 32, 32);
        Calibration calibration = Calibration.of(model, IntegerModels.normal(1, 4, 3, 32, 32));
        Path file = folder.resolve("resnet.onnx");
        OnnxExport export = OnnxExporter.write(file, calibration, OnnxQuantization.staticInt8());
        assertTrue(export.decibels() > LEAST_DECIBELS, export.toString());
        Map<String, Long> kernels = OptimizedFile.kernels(file, folder);
        for (String name : List.of("Conv", "Relu", "Add", "BatchNormalization")) {
            assertFalse(kernels.containsKey(name), kernels.toString());
        }
        long convolutions =
                calibration.model().graph().nodes().stream()
                        .filter(node -> node.operator() instanceof Conv)
                        .count();
        assertEquals(kernels.get("QLinearConv"), Long.valueOf(convolutions), kernels.toString());
        assertEquals(kernels.get("QLinearAdd"), Long.valueOf(8), kernels.toString());
    }

    @Test
    public void fewerBitsAreFurtherAway() throws Exception {
        Calibration calibration =
                Calibration.of(IntegerModels.lenet(), IntegerModels.normal(1, 8, 1, 28, 28));
        double last = Double.POSITIVE_INFINITY;
        for (int bits : new int[] {8, 6, 4, 2}) {
            OnnxExport export =
                    OnnxExporter.write(
                            folder.resolve("bits.onnx"),
                            calibration,
                            OnnxQuantization.builder(OnnxForm.STATIC_INT8)
                                    .optWeightBits(bits)
                                    .optLeastDecibels(-100)
                                    .build());
            assertTrue(export.decibels() < last - 2, bits + " bits: " + export);
            last = export.decibels();
        }
    }

    /** More than one tile of channels, of which the last is not full, needs care with many rows. */
    @Test
    public void whatLiesOnTheGridsIsComputedExactly() throws Exception {
        for (int channels : new int[] {5, 16, 20, 33}) {
            GraphModel model =
                    IntegerModels.gemm(
                            IntegerModels.grid(1, 8, channels, 24),
                            IntegerModels.grid(2, 8, channels));
            OnnxExport export =
                    OnnxExporter.write(
                            folder.resolve("exact.onnx"),
                            Calibration.of(
                                    model,
                                    IntegerModels.onGrid(3, 67, 24),
                                    IntegerModels.onGrid(4, 2, 24)),
                            OnnxQuantization.staticInt8());
            assertEquals(export.largestDifference(), 0.0, channels + ": " + export);
            assertTrue(export.largestOutput() > 1, export.toString());
        }
    }

    @Test
    public void aConvolutionOnGridsIsWithinHalfAStepOfItsResult() throws Exception {
        for (boolean relu : new boolean[] {false, true}) {
            Tensor batch = IntegerModels.onGrid(5, 3, 4, 9, 9);
            Calibration calibration =
                    Calibration.of(
                            IntegerModels.convolution(
                                    IntegerModels.grid(6, 6, relu ? 20 : 7, 4, 3, 3), relu),
                            batch);
            Path file = folder.resolve("conv.onnx");
            OnnxExport export =
                    OnnxExporter.write(file, calibration, OnnxQuantization.staticInt8());
            float[] expected = calibration.outputs(0).get(0).decode();
            float low = 0;
            float high = 0;
            for (float value : expected) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            double step = (high - low) / 255.0;
            assertEquals(low == 0, relu);
            assertTrue(export.largestDifference() <= step * 0.5001, export + ", step " + step);
            assertTrue(export.largestDifference() >= step * 0.25, "it is not in integers");
            assertTrue(OptimizedFile.kernels(file, folder).containsKey("QLinearConv"));
        }
    }

    @Test
    public void whatLiesBetweenConvolutionsRunsOnCodes() throws Exception {
        Conv conv = new Conv(Window.of(List.of()), 1);
        WindowPool pool =
                new WindowPool(WindowPool.Kind.AVERAGE, Window.of(List.of(2, 2)), false, false);
        Map<String, EncodedWeight> weights =
                Map.of(
                        "first", OnnxModels.floats(1, 8, 3, 3, 3),
                        "second", OnnxModels.floats(2, 8, 3, 3, 3),
                        "last", OnnxModels.floats(3, 4, 16, 3, 3));
        List<Weight> declared = new ArrayList<>();
        for (String name : List.of("first", "second", "last")) {
            declared.add(
                    new Weight(
                            name,
                            ElementType.FLOAT32,
                            dev.bonsai.graph.type.Shape.of(weights.get(name).shape())));
        }
        GraphModel model =
                new GraphModel(
                        new Graph(
                                List.of(
                                        new Input(
                                                "x",
                                                ElementType.FLOAT32,
                                                dev.bonsai.graph.type.Shape.of(
                                                        Dim.free("batch"),
                                                        Dim.of(3),
                                                        Dim.of(12),
                                                        Dim.of(12)))),
                                declared,
                                Map.of(),
                                List.of(
                                        Node.of(conv, "a", "x", "first"),
                                        Node.of(Unary.SIGMOID, "b", "a"),
                                        Node.of(conv, "c", "x", "second"),
                                        Node.of(Unary.RELU, "d", "c"),
                                        Node.of(new Concat(1), "e", "b", "d"),
                                        Node.of(pool, "f", "e"),
                                        Node.of(conv, "y", "f", "last")),
                                List.of("y")),
                        weights);
        Calibration calibration = Calibration.of(model, IntegerModels.normal(4, 5, 3, 12, 12));
        Path file = folder.resolve("between.onnx");
        OnnxExport export = OnnxExporter.write(file, calibration, OnnxQuantization.staticInt8());
        assertTrue(export.decibels() > LEAST_DECIBELS, export.toString());
        Map<String, Long> kernels = OptimizedFile.kernels(file, folder);
        for (String name :
                List.of("QLinearSigmoid", "QLinearConcat", "QLinearAveragePool", "QLinearConv")) {
            assertTrue(kernels.containsKey(name), name + ": " + kernels);
        }
        assertEquals(kernels.get("QuantizeLinear"), Long.valueOf(1), kernels.toString());
    }

    @Test
    public void aTrainedGridIsWhatTheFileDecodesTo() throws Exception {
        GridWeight weight = IntegerModels.grid(7, 3, 5, 24);
        Path file = folder.resolve("trained.onnx");
        OnnxExporter.write(
                file,
                Calibration.of(
                        IntegerModels.gemm(weight, OnnxModels.floats(8, 5)),
                        IntegerModels.normal(9, 4, 24)),
                OnnxQuantization.staticInt8());
        Map<String, TensorProto> tensors = new LinkedHashMap<>();
        OptimizedFile.graph(file)
                .getInitializerList()
                .forEach(tensor -> tensors.put(tensor.getName(), tensor));
        float[] scales = TensorReader.read(tensors.get("weight_scale")).decode();
        float[] codes = TensorReader.read(tensors.get("weight_codes")).decode();
        float[] zeros = TensorReader.read(tensors.get("weight_zero")).decode();
        float[] values = weight.decode();
        assertEquals(scales, weight.scales());
        for (int i = 0; i < codes.length; ++i) {
            codes[i] -= zeros[i / 24];
            assertEquals(codes[i], (float) weight.codes().get(i));
            assertEquals(codes[i] * scales[i / 24], values[i] == 0 ? 0f * codes[i] : values[i]);
        }
        assertFalse(tensors.containsKey("weight"), "the floats are in the file too");
    }

    /** Convolutions too, and layers that are filled up to whole tiles. */
    @Test
    public void allGridsOfANetworkAreWhatTheFileDecodesTo() throws Exception {
        GraphModel floats = IntegerModels.lenet();
        Map<String, EncodedWeight> weights = new LinkedHashMap<>(floats.weights());
        Map<String, GridWeight> grids = new LinkedHashMap<>();
        floats.weights()
                .forEach(
                        (path, value) -> {
                            if (value.shape().length > 1) {
                                grids.put(
                                        path,
                                        IntegerModels.grid(path.hashCode(), 4, value.shape()));
                            }
                        });
        weights.putAll(grids);
        Path file = folder.resolve("grids.onnx");
        OnnxExporter.write(
                file,
                Calibration.of(
                        new GraphModel(floats.graph(), weights),
                        IntegerModels.normal(1, 8, 1, 28, 28)),
                OnnxQuantization.staticInt8());
        Map<String, float[]> tensors = new LinkedHashMap<>();
        for (TensorProto tensor : OptimizedFile.graph(file).getInitializerList()) {
            tensors.put(tensor.getName(), TensorReader.read(tensor).decode());
        }
        assertEquals(grids.size(), 4);
        for (String path : grids.keySet()) {
            float[] expected = grids.get(path).decode();
            int perChannel = expected.length / grids.get(path).shape()[0];
            for (int i = 0; i < expected.length; ++i) {
                float zero = tensors.get(path + "_zero")[i / perChannel];
                float code = tensors.get(path + "_codes")[i] - zero;
                float scale = tensors.get(path + "_scale")[i / perChannel];
                assertEquals(code * scale + 0f, expected[i], path);
            }
        }
    }

    @Test
    public void aSmallScaleHasRoomForItsBias() throws Exception {
        EncodedWeight tiny =
                new dev.bonsai.encoding.DenseWeight(new int[] {1, 4}, new float[] {1e-9f, 0, 0, 0});
        EncodedWeight bias = new dev.bonsai.encoding.DenseWeight(new int[] {1}, new float[] {100});
        OnnxExport export =
                OnnxExporter.write(
                        folder.resolve("tiny.onnx"),
                        Calibration.of(
                                IntegerModels.gemm(tiny, bias), IntegerModels.normal(2, 3, 4)),
                        OnnxQuantization.staticInt8());
        assertTrue(export.largestDifference() < 1e-4, export.toString());
    }
}
