package dev.bonsai.onnx;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.ndarray.NDManager;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.onnx.OnnxImporter.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A file appears if it computes what the model does, and only then. */
public class OnnxExporterTest {

    private static final Input X =
            new Input("x", ElementType.FLOAT32, Shape.of(Dim.free("batch"), Dim.of(4)));

    private static final Map<String, EncodedWeight> WEIGHTS =
            Map.of("weight", OnnxModels.floats(1, 3, 4), "bias", OnnxModels.floats(2, 3));

    private Path folder;

    @BeforeClass
    public void makeFolder() throws IOException {
        folder = Files.createTempDirectory("onnx-export");
    }

    @AfterClass
    public void removeFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static Graph network(Operator activation) {
        return new Graph(
                List.of(X),
                List.of(
                        new Weight("weight", ElementType.FLOAT32, Shape.of(3, 4)),
                        new Weight("bias", ElementType.FLOAT32, Shape.of(3))),
                Map.of(),
                List.of(
                        Node.of(new Gemm(1, 1, false, true), "product", "x", "weight", "bias"),
                        Node.of(activation, "y", "product")),
                List.of("y"));
    }

    @Test
    public void aFileTellsHowWellItAgrees() throws Exception {
        Path file = folder.resolve("network.onnx");
        OnnxExport export = OnnxExporter.write(file, new GraphModel(network(Unary.TANH), WEIGHTS));
        assertEquals(export.bytes(), Files.size(file));
        assertTrue(export.largestDifference() < 1e-6, export.toString());
        assertEquals(export.top1Agreement().orElseThrow(), 1.0);
        GraphModel again = OnnxImporter.read(file, Form.LITERAL);
        assertEquals(again.graph(), network(Unary.TANH));
        assertEquals(again.weights(), WEIGHTS);
    }

    @Test
    public void aFileIsComparedWithTheBlockThatIsGiven() throws Exception {
        Path file = folder.resolve("block.onnx");
        Graph graph = network(Unary.SIGMOID);
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphBlock same = GraphBlock.of(new GraphModel(graph, WEIGHTS));
            same.initialize(manager);
            OnnxExporter.write(
                    file,
                    new GraphModel(graph, WEIGHTS),
                    ExportCheck.builder().optBlock(same).build());
            Files.delete(file);
            GraphBlock other = GraphBlock.of(new GraphModel(network(Unary.TANH), WEIGHTS));
            other.initialize(manager);
            OnnxExportException e =
                    expectThrows(
                            OnnxExportException.class,
                            () ->
                                    OnnxExporter.write(
                                            file,
                                            new GraphModel(graph, WEIGHTS),
                                            ExportCheck.builder().optBlock(other).build()));
            assertTrue(e.getMessage().contains("'y'"), e.getMessage());
        }
        assertFalse(Files.exists(file));
    }

    @Test
    public void anOldFileStaysWhereTheNewOneWouldLie() throws Exception {
        Path file = folder.resolve("kept.onnx");
        Files.writeString(file, "old");
        expectThrows(
                OnnxExportException.class,
                () ->
                        OnnxExporter.write(
                                file,
                                new GraphModel(network(Unary.EXP), WEIGHTS),
                                ExportCheck.builder().optTolerance(0).build()));
        assertEquals(Files.readString(file), "old");
    }

    @DataProvider
    Object[][] newer() {
        return new Object[][] {
            {new Gelu(Gelu.Approximation.NONE)},
            {new Gelu(Gelu.Approximation.TANH)},
            {Plain.DROPOUT},
            {Operators.of("ReduceMean", Attributes.NONE.with("axes", List.of(1)))},
            {Operators.of("ReduceSum", Attributes.NONE.with("axes", List.of(-1)))},
            {Operators.of("ReduceSum", Attributes.NONE)},
            {Operators.of("ReduceMax", Attributes.NONE.with("noop_with_empty_axes", 1))},
        };
    }

    @Test(dataProvider = "newer")
    public void newerOperatorsAreSaidByOlderOnes(Operator operator) throws Exception {
        Path file = folder.resolve("newer.onnx");
        OnnxExport export = OnnxExporter.write(file, new GraphModel(network(operator), WEIGHTS));
        assertTrue(export.largestDifference() < 1e-5, export.toString());
        GraphModel again = OnnxImporter.read(file, Form.INFERENCE);
        OnnxExporter.write(file, again);
    }

    @Test
    public void geluIsRecognisedAgain() throws Exception {
        for (Gelu.Approximation approximation : Gelu.Approximation.values()) {
            Graph graph = network(new Gelu(approximation));
            GraphModel again =
                    OnnxImporter.read(
                            GraphWriter.write(new GraphModel(graph, WEIGHTS)), Form.TRAINING);
            assertEquals(again.graph().canonical(), graph.canonical());
        }
    }

    @Test
    public void axesOfASumAreAnAttributeAgain() throws Exception {
        Graph graph = network(Operators.of("ReduceSum", Attributes.NONE.with("axes", List.of(1))));
        assertEquals(
                OnnxImporter.read(GraphWriter.write(new GraphModel(graph, WEIGHTS)), Form.LITERAL)
                        .graph(),
                graph);
    }

    @Test
    public void whatOperatorSet17CannotSayIsAnError() {
        Graph graph =
                new Graph(
                        List.of(
                                new Input("x", ElementType.FLOAT32, Shape.of(1, 1, 4, 4)),
                                new Input("scales", ElementType.FLOAT32, Shape.of(4))),
                        List.of(),
                        Map.of(),
                        List.of(
                                Node.of(
                                        Operators.of(
                                                "Resize",
                                                Attributes.NONE.with(
                                                        "coordinate_transformation_mode",
                                                        "half_pixel_symmetric")),
                                        "y",
                                        "x",
                                        Node.ABSENT,
                                        "scales")),
                        List.of("y"));
        OnnxExportException e =
                expectThrows(
                        OnnxExportException.class,
                        () ->
                                OnnxExporter.write(
                                        folder.resolve("no.onnx"),
                                        new GraphModel(graph, Map.of())));
        assertTrue(e.getMessage().contains("operator set 17"), e.getMessage());
        assertFalse(Files.exists(folder.resolve("no.onnx")));
    }

    @Test
    public void integersComeFromTheRangeThatIsGiven() throws Exception {
        Graph graph =
                new Graph(
                        List.of(
                                new Input(
                                        "ids",
                                        ElementType.INT64,
                                        Shape.of(Dim.free("batch"), Dim.free("length")))),
                        List.of(new Weight("table", ElementType.FLOAT32, Shape.of(7, 2))),
                        Map.of(),
                        List.of(
                                Node.of(
                                        Operators.of("Gather", Attributes.NONE),
                                        "y",
                                        "table",
                                        "ids")),
                        List.of("y"));
        Map<String, EncodedWeight> weights = Map.of("table", OnnxModels.floats(3, 7, 2));
        ExportCheck check =
                ExportCheck.builder().optIntegers("ids", 6, 7).optSizes("length", 2, 5).build();
        for (int run = 0; run < CheckInputs.RUNS; ++run) {
            EncodedWeight ids = CheckInputs.of(graph, check, run).get("ids");
            assertEquals(ids.shape(), run == 0 ? new int[] {1, 2} : new int[] {3, 5});
            assertTrue(Constants.integers(ids).stream().allMatch(id -> id == 6));
        }
        OnnxExport export =
                OnnxExporter.write(
                        folder.resolve("gather.onnx"), new GraphModel(graph, weights), check);
        assertEquals(export.largestDifference(), 0.0);
        expectThrows(
                OnnxExportException.class,
                () ->
                        OnnxExporter.write(
                                folder.resolve("outside.onnx"),
                                new GraphModel(graph, weights),
                                ExportCheck.builder().optIntegers("ids", 7, 9).build()));
    }
}
