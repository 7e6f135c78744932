package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.onnxruntime.OrtException;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.runtime.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.testng.annotations.Test;

/** Products of matrices and tables in dynamic int8 and in 4-bit blocks. */
public class MatrixFormsTest extends ExportFolder {

    private static final List<OnnxQuantization> FORMS =
            List.of(
                    OnnxQuantization.dynamicInt8(),
                    OnnxQuantization.blocks4Bit(),
                    OnnxQuantization.builder(OnnxForm.BLOCKS_4_BIT)
                            .optBlockSize(128)
                            .optSymmetric(false)
                            .build());

    /** A product of one of four kinds: the weight stands either way, with factors and a bias. */
    private static GraphModel product(int kind, EncodedWeight weight) {
        boolean turned = kind % 2 == 1;
        int inputs = weight.shape()[turned ? 1 : 0];
        int outputs = weight.shape()[turned ? 0 : 1];
        Node node =
                kind == 0
                        ? Node.of(Plain.MATMUL, "y", "x", "weight")
                        : kind == 1
                                ? Node.of(new Gemm(1, 1, false, true), "y", "x", "weight")
                                : Node.of(
                                        new Gemm(-0.5f, 3f, false, turned),
                                        "y",
                                        "x",
                                        "weight",
                                        "bias");
        List<Dim> dims = List.of(Dim.free("batch"), Dim.of(inputs));
        return new GraphModel(
                new Graph(
                        List.of(new Input("x", ElementType.FLOAT32, new Shape(dims))),
                        List.of(
                                new Weight("weight", ElementType.FLOAT32, Shape.of(weight.shape())),
                                new Weight("bias", ElementType.FLOAT32, Shape.of(outputs))),
                        Map.of(),
                        List.of(node),
                        List.of("y")),
                Map.of("weight", weight, "bias", OnnxModels.floats(77, outputs)));
    }

    @Test
    public void aProductIsAsNearAsItsGridsSay() throws Exception {
        for (int kind = 0; kind < 4; ++kind) {
            for (int[] shape : new int[][] {{40, 9}, {200, 37}, {64, 64}}) {
                boolean turned = kind % 2 == 1;
                int inputs = shape[0];
                EncodedWeight weight =
                        turned
                                ? OnnxModels.floats(1, shape[1], shape[0])
                                : OnnxModels.floats(1, shape);
                Tensor x = IntegerModels.normal(2, 35, inputs);
                Calibration calibration = Calibration.of(product(kind, weight), x);
                for (OnnxQuantization form : FORMS) {
                    OnnxExport export =
                            OnnxExporter.write(folder.resolve("product.onnx"), calibration, form);
                    // every weight and every input is off by a step at most
                    double off =
                            form.form() == OnnxForm.DYNAMIC_INT8
                                    ? largest(x) / 100 * l1(weight) + largest(weight) / 254 * l1(x)
                                    : l1(x) * largest(weight) / 7;
                    assertTrue(export.largestDifference() <= off, kind + " " + export);
                    assertTrue(export.decibels() > 15, kind + " " + export);
                    assertTrue(export.largestDifference() > 0, "it is in floats");
                }
            }
        }
    }

    private static double largest(EncodedWeight values) {
        double largest = 0;
        for (float value : values.decode()) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double largest(Tensor values) {
        return largest(values.encode());
    }

    private static double l1(Tensor values) {
        return l1(values.encode());
    }

    private static double l1(EncodedWeight values) {
        double sum = 0;
        for (float value : values.decode()) {
            sum += Math.abs(value);
        }
        return sum;
    }

    @Test
    public void aTrainedGridIsComputedAsItIs() throws Exception {
        for (int channels : new int[] {5, 33}) {
            EncodedWeight weight = IntegerModels.grid(3, 4, channels, 70);
            Calibration calibration =
                    Calibration.of(product(3, weight), IntegerModels.normal(4, 35, 70));
            OnnxExport blocks =
                    OnnxExporter.write(
                            folder.resolve("grid.onnx"),
                            calibration,
                            OnnxQuantization.blocks4Bit());
            assertTrue(
                    blocks.largestDifference() < 1e-6 * blocks.largestOutput(), blocks.toString());
            Calibration exact = Calibration.of(product(3, weight), IntegerModels.onGrid(4, 35, 70));
            OnnxExport dynamic =
                    OnnxExporter.write(
                            folder.resolve("grid.onnx"), exact, OnnxQuantization.dynamicInt8());
            assertTrue(
                    dynamic.largestDifference() < 1e-6 * dynamic.largestOutput(),
                    dynamic.toString());
        }
    }

    @Test
    public void aGridOfMoreBitsThanABlockIsAnError() {
        EncodedWeight weight = IntegerModels.grid(3, 5, 6, 64);
        Calibration calibration =
                Calibration.of(product(3, weight), IntegerModels.normal(4, 3, 64));
        OnnxExportException e =
                expectThrows(
                        OnnxExportException.class,
                        () ->
                                OnnxExporter.write(
                                        folder.resolve("wide.onnx"),
                                        calibration,
                                        OnnxQuantization.blocks4Bit()));
        assertTrue(e.getMessage().contains("optFloat(\"weight\")"), e.getMessage());
        assertFalse(Files.exists(folder.resolve("wide.onnx")));
    }

    private static GraphModel table(EncodedWeight table) {
        List<Dim> dims = List.of(Dim.free("batch"), Dim.free("length"));
        return new GraphModel(
                new Graph(
                        List.of(new Input("ids", ElementType.INT64, new Shape(dims))),
                        List.of(new Weight("table", ElementType.FLOAT32, Shape.of(table.shape()))),
                        Map.of(),
                        List.of(
                                Node.of(
                                        Operators.of("Gather", Attributes.NONE),
                                        "y",
                                        "table",
                                        "ids")),
                        List.of("y")),
                Map.of("table", table));
    }

    @Test
    public void rowsOfATableAreAsNearAsTheirGridsSay() throws Exception {
        EncodedWeight values = OnnxModels.floats(5, 50, 96);
        Calibration calibration =
                Calibration.of(table(values), Tensor.of(new long[] {0, 49, 7, 7, 30, 1}, 2, 3));
        for (OnnxQuantization form : FORMS) {
            OnnxExport export = OnnxExporter.write(folder.resolve("table.onnx"), calibration, form);
            boolean isByte = form.form() == OnnxForm.DYNAMIC_INT8;
            double step = largest(values) / (isByte ? 127 : 8);
            assertTrue(
                    export.largestDifference() <= step * (isByte ? 0.5001 : 1), export.toString());
            assertTrue(export.decibels() > 15, export.toString());
            assertTrue(export.largestDifference() > 0, "it is in floats");
            OnnxExportException none =
                    expectThrows(
                            OnnxExportException.class,
                            () ->
                                    OnnxExporter.write(
                                            folder.resolve("none.onnx"),
                                            calibration,
                                            OnnxQuantization.builder(form.form())
                                                    .optFloat("table")
                                                    .build()));
            assertTrue(none.getMessage().contains("No product"), none.getMessage());
        }
    }

    @Test
    public void anEncoderOfATransformerAgrees() throws Exception {
        GraphModel model =
                IntegerModels.traced(
                        new SequentialBlock()
                                .add(
                                        new TransformerEncoderBlock(
                                                64, 4, 128, 0, ai.djl.nn.Activation::relu))
                                .addSingleton(x -> x.mean(new int[] {1}))
                                .add(Blocks.identityBlock()),
                        3,
                        8,
                        64);
        Calibration calibration = Calibration.of(model, IntegerModels.normal(1, 5, 8, 64));
        OnnxExport floats = OnnxExporter.write(folder.resolve("encoder.onnx"), model);
        Path file = folder.resolve("encoder8.onnx");
        OnnxExport dynamic = OnnxExporter.write(file, calibration, OnnxQuantization.dynamicInt8());
        assertTrue(dynamic.decibels() > 25, dynamic.toString());
        assertTrue(dynamic.bytes() < 0.35 * floats.bytes(), dynamic.toString());
        Map<String, Long> kernels = OptimizedFile.kernels(file, folder);
        assertFalse(kernels.containsKey("MatMulInteger"), kernels.toString());
        assertTrue(
                kernels.containsKey("DynamicQuantizeMatMul")
                        || kernels.containsKey("MatMulIntegerToFloat"),
                kernels.toString());
        OnnxExport blocks =
                OnnxExporter.write(
                        folder.resolve("encoder4.onnx"),
                        calibration,
                        OnnxQuantization.blocks4Bit());
        assertTrue(blocks.decibels() > 10, blocks.toString());
        assertTrue(blocks.bytes() < dynamic.bytes(), blocks + " and " + dynamic);
        OnnxExport fixed =
                OnnxExporter.write(
                        folder.resolve("encoder-static.onnx"),
                        calibration,
                        OnnxQuantization.staticInt8());
        assertTrue(fixed.decibels() > 20, fixed.toString());
    }

    @Test
    public void aWeightThatIsUsedTwiceIsWrittenOnce() throws Exception {
        EncodedWeight weight = OnnxModels.floats(1, 96, 96);
        List<Dim> dims = List.of(Dim.free("batch"), Dim.of(96));
        Gemm gemm = new Gemm(1, 1, false, true);
        GraphModel model =
                new GraphModel(
                        new Graph(
                                List.of(new Input("x", ElementType.FLOAT32, new Shape(dims))),
                                List.of(
                                        new Weight(
                                                "weight", ElementType.FLOAT32, Shape.of(96, 96))),
                                Map.of(),
                                List.of(
                                        Node.of(gemm, "between", "x", "weight"),
                                        Node.of(gemm, "y", "between", "weight")),
                                List.of("y")),
                        Map.of("weight", weight));
        Calibration calibration = Calibration.of(model, IntegerModels.normal(2, 3, 96));
        for (OnnxQuantization form :
                List.of(
                        OnnxQuantization.staticInt8(),
                        OnnxQuantization.dynamicInt8(),
                        OnnxQuantization.blocks4Bit())) {
            OnnxExport export = OnnxExporter.write(folder.resolve("tied.onnx"), calibration, form);
            assertTrue(export.bytes() < 1.5 * 96 * 96, export.toString());
            assertTrue(export.decibels() > 12, export.toString());
        }
    }

    @Test
    public void aModelOfSentencesAgrees() throws Exception {
        WordPieces pieces = new WordPieces();
        List<List<Tensor>> batches = new ArrayList<>();
        for (String sentence :
                List.of("Hello.", "A pruned tree bears better fruit in the following year.")) {
            long[] ids = pieces.numbers(sentence).stream().mapToLong(id -> id).toArray();
            long[] mask = new long[ids.length];
            Arrays.fill(mask, 1);
            batches.add(
                    List.of(
                            Tensor.of(ids, 1, ids.length),
                            Tensor.of(mask, 1, ids.length),
                            Tensor.of(new long[ids.length], 1, ids.length)));
        }
        byte[] bytes = RealFilesTest.bytes("/all-minilm-l6-v2.onnx");
        Calibration calibration = Calibration.of(OnnxImporter.read(bytes), batches);
        Path file = folder.resolve("minilm.onnx");
        OnnxExport dynamic = OnnxExporter.write(file, calibration, OnnxQuantization.dynamicInt8());
        assertTrue(dynamic.decibels() > 14, dynamic.toString());
        assertTrue(dynamic.bytes() < 0.26 * bytes.length, dynamic.toString());
        String table = "embeddings.word_embeddings.weight";
        OnnxExport kept =
                OnnxExporter.write(
                        file,
                        calibration,
                        OnnxQuantization.builder(OnnxForm.DYNAMIC_INT8).optFloat(table).build());
        long elements = calibration.model().weights().get(table).size();
        assertEquals((double) (kept.bytes() - dynamic.bytes()), 3.0 * elements, 0.02 * elements);
    }

    @Test
    public void optionsThatMakeNoSenseAreErrors() {
        OnnxQuantization.Builder builder = OnnxQuantization.builder(OnnxForm.BLOCKS_4_BIT);
        expectThrows(
                IllegalArgumentException.class, () -> OnnxQuantization.builder(OnnxForm.FLOAT32));
        expectThrows(IllegalArgumentException.class, () -> builder.optWeightBits(9));
        expectThrows(IllegalArgumentException.class, () -> builder.optWeightBits(1));
        expectThrows(IllegalArgumentException.class, () -> builder.optBlockSize(64));
        expectThrows(IllegalArgumentException.class, () -> builder.optLeastDecibels(Double.NaN));
    }

    @Test
    public void whatOnnxRuntimeLacksIsSaidWithTheRemedy() throws Exception {
        OnnxModels unknown =
                OnnxModels.of(17)
                        .input("x", OnnxModels.FLOAT, 2, 2)
                        .output("y")
                        .node(
                                OnnxModels.aNode("MatMulThreeBits", List.of("x"), List.of("y"))
                                        .toBuilder()
                                        .setDomain("com.microsoft")
                                        .build());
        unknown.model()
                .addOpsetImport(
                        ai.onnx.proto.OnnxMl.OperatorSetIdProto.newBuilder()
                                .setDomain("com.microsoft")
                                .setVersion(1));
        OrtException cause =
                expectThrows(OrtException.class, () -> new OrtSession(unknown.bytes()).close());
        OnnxExportException e = QuantizedRun.refused(cause, OnnxForm.BLOCKS_4_BIT);
        assertTrue(e.getMessage().contains("It lacks the operator"), e.getMessage());
        assertTrue(e.getMessage().contains("onnxruntime:1.21.1"), e.getMessage());
        assertEquals(e.getCause(), cause);
    }
}
