package dev.bonsai.runtime;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.AutoPad;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.Gather;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.Softmax;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A model runs a graph, for many threads at once, and refuses what does not fit. */
public class PlainModelTest {

    private static final int THREADS = 8;

    private static final Graph LAYERS =
            new Graph(
                    List.of(
                            new Input(
                                    "x",
                                    ElementType.FLOAT32,
                                    Shape.of(Dim.free("batch"), Dim.of(12)))),
                    List.of(
                            new Weight("first", ElementType.FLOAT32, Shape.of(20, 12)),
                            new Weight("second", ElementType.FLOAT32, Shape.of(5, 20)),
                            new Weight("bias", ElementType.FLOAT32, Shape.of(5))),
                    Map.of(),
                    List.of(
                            Node.of(new Gemm(1, 1, false, true), "a", "x", "first"),
                            Node.of(Unary.RELU, "b", "a"),
                            Node.of(new Gemm(1, 1, false, true), "c", "b", "second", "bias"),
                            Node.of(new Softmax(Softmax.Kind.SOFTMAX, -1), "y", "c")),
                    List.of("y", "a"));

    private static Map<String, EncodedWeight> weights() {
        Random random = new Random(3);
        return Map.of(
                "first", weight(random, 20, 12),
                "second", weight(random, 5, 20),
                "bias", weight(random, 5));
    }

    private static EncodedWeight weight(Random random, int... shape) {
        return new DenseWeight(shape, numbers(random, Sizes.elements(shape)));
    }

    private static float[] numbers(Random random, int size) {
        float[] numbers = new float[size];
        for (int i = 0; i < size; ++i) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static Tensor input(int batch) {
        return Tensor.of(numbers(new Random(batch), batch * 12), batch, 12);
    }

    @Test
    void whatNoKernelComputesIsSaidBeforeTheFirstRun() {
        Graph graph =
                new Graph(
                        List.of(new Input("x", ElementType.FLOAT64, Shape.of(1, 1, 3, 3))),
                        List.of(new Weight("w", ElementType.FLOAT64, Shape.of(1, 1, 2, 2))),
                        Map.of(),
                        List.of(
                                Node.of(
                                        new Conv(
                                                new Window(
                                                        AutoPad.NOTSET,
                                                        List.of(),
                                                        List.of(),
                                                        List.of(),
                                                        List.of()),
                                                1),
                                        "y",
                                        "x",
                                        "w")),
                        List.of("y"));
        EncodedWeight doubles = Tensor.of(new double[4], 1, 1, 2, 2).encode();
        GraphException e =
                expectThrows(
                        GraphException.class,
                        () -> PlainModel.of(new GraphModel(graph, Map.of("w", doubles))));
        assertTrue(e.getMessage().contains("y = Conv(x, w"), e.getMessage());
        assertTrue(e.getMessage().contains("in 32-bit floats"), e.getMessage());
    }

    @Test
    void manyThreadsGetTheAnswerOfOne() throws Exception {
        PlainModel model = PlainModel.of(new GraphModel(LAYERS, weights()));
        List<List<Tensor>> expected = new ArrayList<>();
        for (int batch = 0; batch < THREADS; ++batch) {
            expected.add(PlainModel.of(new GraphModel(LAYERS, weights())).run(input(batch)));
        }
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<List<Tensor>>> calls = new ArrayList<>();
            for (int i = 0; i < 50 * THREADS; ++i) {
                int batch = i % THREADS;
                calls.add(() -> model.run(input(batch)));
            }
            List<Future<List<Tensor>>> results = pool.invokeAll(calls);
            for (int i = 0; i < results.size(); ++i) {
                assertEquals(results.get(i).get(), expected.get(i % THREADS));
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void valuesGoByOrderOrByName() {
        PlainModel model = PlainModel.of(new GraphModel(LAYERS, weights()));
        List<Tensor> ordered = model.run(input(2));
        Map<String, Tensor> named = model.run(Map.of("x", input(2)));
        assertEquals(List.copyOf(named.values()), ordered);
        assertEquals(List.copyOf(named.keySet()), List.of("y", "a"));
        assertEquals(ordered.get(0).shape(), new int[] {2, 5});
    }

    @Test
    void inputsAndWeightsAreLeftAsTheyWere() {
        Map<String, EncodedWeight> weights = weights();
        Tensor x = input(3);
        float[] before = x.floats().clone();
        PlainModel model = PlainModel.of(new GraphModel(LAYERS, weights));
        List<Tensor> first = model.run(x);
        assertEquals(x.floats(), before);
        assertEquals(model.run(x), first);
        assertEquals(weights, weights());
    }

    @Test
    void fileRunsAsItsGraphDoes() throws IOException {
        List<NamedWeight> named = new ArrayList<>();
        for (Weight weight : LAYERS.weights()) {
            EncodedWeight value = weights().get(weight.path());
            named.add(new NamedWeight(weight.path(), NamedWeight.Role.WEIGHT, value));
        }
        Path file = Files.createTempFile("layers", ".bonsai");
        try {
            BonsaiFile.write(
                    file, new BonsaiModel(named, List.of()).withGraph(Optional.of(LAYERS)));
            assertEquals(
                    PlainModel.load(file).run(input(4)),
                    PlainModel.of(new GraphModel(LAYERS, weights())).run(input(4)));
            BonsaiFile.write(file, new BonsaiModel(named, List.of()));
            String told =
                    expectThrows(GraphException.class, () -> PlainModel.load(file)).getMessage();
            assertTrue(told.contains(file.toString()) && told.contains("no graph"), told);
        } finally {
            Files.delete(file);
        }
    }

    @DataProvider
    Object[][] unfitInputs() {
        return new Object[][] {
            {new Tensor[0], "got 0 values"},
            {new Tensor[] {input(1), input(1)}, "got 2 values"},
            {new Tensor[] {null}, "got null"},
            {new Tensor[] {Tensor.of(new float[12], 12)}, "shape (12)"},
            {new Tensor[] {Tensor.of(new float[26], 2, 13)}, "shape (2, 13)"},
            {new Tensor[] {Tensor.of(new long[12], 1, 12)}, "int64(1, 12)"},
            {new Tensor[] {Tensor.of(new double[12], 1, 12)}, "float64(1, 12)"},
        };
    }

    @Test(dataProvider = "unfitInputs")
    void unfitInputIsRefusedWithWhatFits(Tensor[] inputs, String part) {
        PlainModel model = PlainModel.of(new GraphModel(LAYERS, weights()));
        String told = expectThrows(GraphException.class, () -> model.run(inputs)).getMessage();
        assertTrue(told.contains(part) && told.contains("x: float32(batch, 12)"), told);
    }

    @Test
    void unknownNameOfAnInputIsRefused() {
        PlainModel model = PlainModel.of(new GraphModel(LAYERS, weights()));
        assertThrows(GraphException.class, () -> model.run(Map.of("z", input(1))));
        assertThrows(GraphException.class, () -> model.run(Map.of()));
    }

    @Test
    void missingOrUnfitWeightIsRefused() {
        Map<String, EncodedWeight> without = new HashMap<>(weights());
        without.remove("second");
        String told =
                expectThrows(
                                GraphException.class,
                                () -> PlainModel.of(new GraphModel(LAYERS, without)))
                        .getMessage();
        assertTrue(told.contains("second"), told);
        without.put("second", new DenseWeight(new int[] {4, 20}, new float[80]));
        assertThrows(GraphException.class, () -> PlainModel.of(new GraphModel(LAYERS, without)));
    }

    @Test
    void shapesThatFollowFromValuesAreCheckedWhileTheModelRuns() {
        Shape list = Shape.of(Dim.of(2));
        Graph graph =
                new Graph(
                        List.of(
                                new Input("x", ElementType.FLOAT32, Shape.of(6)),
                                new Input("shape", ElementType.INT64, list),
                                new Input("wide", ElementType.INT64, list)),
                        List.of(),
                        Map.of(),
                        List.of(
                                Node.of(new Reshape(false), "r", "x", "shape"),
                                Node.of(Plain.EXPAND, "e", "x", "wide"),
                                Node.of(Binary.ADD, "y", "r", "e")),
                        List.of("y"));
        PlainModel model = PlainModel.of(new GraphModel(graph, Map.of()));
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 6);
        Tensor row = Tensor.of(new long[] {1, 6}, 2);
        assertEquals(
                model.run(x, row, row).get(0), Tensor.of(new float[] {2, 4, 6, 8, 10, 12}, 1, 6));
        String unfit =
                expectThrows(
                                GraphException.class,
                                () -> model.run(x, Tensor.of(new long[] {2, 3}, 2), row))
                        .getMessage();
        assertTrue(unfit.contains("Add"), unfit);
        String wrong =
                expectThrows(
                                GraphException.class,
                                () -> model.run(x, Tensor.of(new long[] {2, 4}, 2), row))
                        .getMessage();
        assertTrue(wrong.contains("Reshape"), wrong);
    }

    @Test
    void indexOutsideIsRefusedWithItsNode() {
        Graph graph =
                new Graph(
                        List.of(
                                new Input("x", ElementType.FLOAT32, Shape.of(4)),
                                new Input("i", ElementType.INT64, Shape.SCALAR)),
                        List.of(),
                        Map.of(),
                        List.of(Node.of(new Gather(0), "y", "x", "i")),
                        List.of("y"));
        PlainModel model = PlainModel.of(new GraphModel(graph, Map.of()));
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 4);
        assertEquals(model.run(x, Tensor.of(new long[] {-1})).get(0), Tensor.of(new float[] {4}));
        String told =
                expectThrows(GraphException.class, () -> model.run(x, Tensor.of(new long[] {4})))
                        .getMessage();
        assertTrue(told.contains("Gather") && told.contains("Index 4"), told);
    }
}
