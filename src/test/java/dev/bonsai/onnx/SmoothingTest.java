package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.runtime.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Large channels of an activation go into the weights of dynamic int8. */
public class SmoothingTest extends ExportFolder {

    private static final int INPUTS = 48;
    private static final int OUTPUTS = 20;
    private static final int FULL_TILES = 32;
    private static final int ROWS = 40;

    /** Noise, of which each eighth channel is some times as large. */
    private static Tensor channels(long seed, float factor, int rows) {
        float[] values = IntegerModels.normal(seed, rows, INPUTS).floats().clone();
        for (int i = 0; i < values.length; i += 8) {
            values[i] *= factor;
        }
        return Tensor.of(values, rows, INPUTS);
    }

    /** Two products of one value: a MatMul with a bias, which comes first, and a Gemm. */
    private static GraphModel model(EncodedWeight first, EncodedWeight second) {
        Map<String, EncodedWeight> weights =
                Map.of("first", first, "second", second, "bias", OnnxModels.floats(5, OUTPUTS));
        List<Weight> declared = new ArrayList<>();
        weights.forEach(
                (path, value) ->
                        declared.add(
                                new Weight(path, ElementType.FLOAT32, Shape.of(value.shape()))));
        Shape input = Shape.of(Dim.free("batch"), Dim.of(INPUTS));
        return new GraphModel(
                new Graph(
                        List.of(new Input("x", ElementType.FLOAT32, input)),
                        declared,
                        Map.of(),
                        List.of(
                                Node.of(Plain.MATMUL, "product", "x", "first"),
                                Node.of(Binary.ADD, "y", "bias", "product"),
                                Node.of(new Gemm(1, 1, false, true), "z", "x", "second")),
                        List.of("y", "z")),
                weights);
    }

    private static GraphModel model() {
        return model(OnnxModels.floats(1, INPUTS, OUTPUTS), OnnxModels.floats(2, OUTPUTS, INPUTS));
    }

    private OnnxExport write(Calibration calibration, boolean smoothed) throws Exception {
        return OnnxExporter.write(
                folder.resolve("smoothed.onnx"),
                calibration,
                OnnxQuantization.builder(OnnxForm.DYNAMIC_INT8)
                        .optSmoothed(smoothed)
                        .optLeastDecibels(-10)
                        .build());
    }

    private static long count(Path file, String kind) throws Exception {
        return OptimizedFile.graph(file).getNodeList().stream()
                .filter(node -> node.getOpType().equals(kind))
                .count();
    }

    @DataProvider
    Object[][] factors() {
        return new Object[][] {{20f}, {100f}, {1000f}};
    }

    @Test(dataProvider = "factors")
    public void largeChannelsNoLongerTakeTheStepsOfTheOthers(float factor) throws Exception {
        // the large channels matter as much as the others, as in a trained network
        GraphModel model =
                model(
                        divided(OnnxModels.floats(1, INPUTS, OUTPUTS), factor, true),
                        divided(OnnxModels.floats(2, OUTPUTS, INPUTS), factor, false));
        Calibration calibration = Calibration.of(model, channels(3, factor, ROWS));
        OnnxExport without = write(calibration, false);
        long multiplications = count(without.file(), "Mul");
        OnnxExport with = write(calibration, true);
        assertTrue(with.decibels() > without.decibels() + 10, without + " " + with);
        assertEquals(count(with.file(), "Mul"), multiplications + 1, "both share one");
        assertEquals(count(with.file(), "DynamicQuantizeLinear"), 1);
    }

    private static DenseWeight divided(EncodedWeight weight, float factor, boolean inputsFirst) {
        float[] values = weight.decode().clone();
        for (int i = 0; i < values.length; ++i) {
            int input = inputsFirst ? i / OUTPUTS : i % INPUTS;
            values[i] /= input % 8 == 0 ? factor : 1;
        }
        return new DenseWeight(weight.shape(), values);
    }

    @Test
    public void equalChannelsStayAsTheyAre() throws Exception {
        Calibration calibration = Calibration.of(model(), channels(3, 1, ROWS));
        OnnxExport without = write(calibration, false);
        long multiplications = count(without.file(), "Mul");
        assertEquals(write(calibration, true), without);
        assertEquals(count(without.file(), "Mul"), multiplications);
    }

    @Test
    public void channelsThatNoSampleMovesDoNotSpoilOthers() throws Exception {
        float[] values = channels(3, 50, ROWS).floats().clone();
        for (int i = 3; i < values.length; i += 8) {
            values[i] = 0;
        }
        Calibration calibration = Calibration.of(model(), Tensor.of(values, ROWS, INPUTS));
        assertTrue(write(calibration, true).decibels() > 20);
        assertTrue(Float.isFinite((float) write(calibration, true).largestDifference()));
    }

    @Test
    public void trainedGridsKeepTheirCodes() throws Exception {
        EncodedWeight grid = IntegerModels.grid(3, 8, OUTPUTS, INPUTS);
        Calibration calibration =
                Calibration.of(
                        model(OnnxModels.floats(1, INPUTS, OUTPUTS), grid), channels(3, 100, ROWS));
        OnnxExport without = write(calibration, false);
        assertEquals(write(calibration, true), without, "nothing is smoothed");
    }

    /** Of three dimensions, so that the sum is no part of a Gemm already. */
    private static GraphModel biasFirst() {
        Shape input = Shape.of(Dim.free("batch"), Dim.of(4), Dim.of(INPUTS));
        return new GraphModel(
                new Graph(
                        List.of(new Input("x", ElementType.FLOAT32, input)),
                        List.of(
                                new Weight(
                                        "first", ElementType.FLOAT32, Shape.of(INPUTS, FULL_TILES)),
                                new Weight("bias", ElementType.FLOAT32, Shape.of(FULL_TILES))),
                        Map.of(),
                        List.of(
                                Node.of(Plain.MATMUL, "product", "x", "first"),
                                Node.of(Binary.ADD, "y", "bias", "product")),
                        List.of("y")),
                Map.of(
                        "first", OnnxModels.floats(1, INPUTS, FULL_TILES),
                        "bias", OnnxModels.floats(5, FULL_TILES)));
    }

    @Test
    public void aBiasBecomesPartOfTheKernel() throws Exception {
        Calibration calibration =
                Calibration.of(biasFirst(), IntegerModels.normal(3, 10, 4, INPUTS));
        Path file = folder.resolve("bias.onnx");
        OnnxExporter.write(file, calibration, OnnxQuantization.dynamicInt8());
        Map<String, Long> kernels = OptimizedFile.kernels(file, folder);
        assertFalse(kernels.containsKey("Add"), kernels.toString());
    }
}
