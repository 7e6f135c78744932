package dev.bonsai.block;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertThrows;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.loss.Loss;
import dev.bonsai.CompressionListener;
import dev.bonsai.Toy;
import dev.bonsai.core.ManagerTestBase;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.pruning.SparsitySchedule;
import dev.bonsai.trace.Tracer;
import dev.bonsai.trace.WeightOrder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** A block of a graph in DJL's hands: initialised, saved, shared, compressed, misused. */
public class BlockLifeTest extends ManagerTestBase {

    private static final String[] PATHS = {"first_weight", "first_bias", "last_weight"};

    /** The perceptron of the toy problem; the bias is used twice. */
    private static Graph perceptron() {
        return new Graph(
                List.of(
                        new Input(
                                "x",
                                ElementType.FLOAT32,
                                dev.bonsai.graph.type.Shape.of(
                                        Dim.free("batch"), Dim.of(Toy.FEATURES)))),
                List.of(
                        weight(PATHS[0], 32, Toy.FEATURES),
                        weight(PATHS[1], 32),
                        weight(PATHS[2], Toy.CLASSES, 32)),
                Map.of("half", Constants.scalar(0.5f)),
                List.of(
                        Node.of(new Gemm(1, 1, false, true), "h", "x", PATHS[0], PATHS[1]),
                        Node.of(Binary.MUL, "shift", PATHS[1], "half"),
                        Node.of(Binary.ADD, "sum", "h", "shift"),
                        Node.of(Unary.RELU, "r", "sum"),
                        Node.of(new Gemm(1, 1, false, true), "y", "r", PATHS[2])),
                List.of("y"));
    }

    private static Weight weight(String path, long... sizes) {
        return new Weight(path, ElementType.FLOAT32, dev.bonsai.graph.type.Shape.of(sizes));
    }

    private NDList predict(Block block, NDList inputs) {
        return block.forward(new ParameterStore(manager, false), inputs, false);
    }

    private NDList points() {
        return new NDList(manager.randomUniform(-1, 1, new Shape(5, Toy.FEATURES)));
    }

    @Test
    void savedParametersAreLoadedByAnotherBlock() throws Exception {
        GraphBlock block = new GraphBlock(perceptron());
        block.initialize(manager);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        block.saveParameters(new DataOutputStream(bytes));
        GraphBlock other = new GraphBlock(perceptron());
        other.loadParameters(
                manager, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        assertTrue(other.isInitialized());
        NDList points = points();
        float[] expected = predict(block, points).head().toFloatArray();
        assertEquals(predict(other, points).head().toFloatArray(), expected);
    }

    @Test
    void freshParametersAreInitialisedAsDjlDoesIt() {
        GraphBlock block = new GraphBlock(perceptron());
        block.initialize(manager, DataType.FLOAT32, new Shape(7, Toy.FEATURES));
        assertEquals(block.getParameters().keys(), List.of(PATHS));
        float[] weight = block.getParameters().get(PATHS[0]).getArray().toFloatArray();
        double square = 0;
        for (float value : weight) {
            square += value * value;
        }
        // Xavier: the variance is 2 / inputs = 1/4; four standard deviations of the estimate
        assertEquals(square / weight.length, 0.25, 4 * 0.25 * Math.sqrt(2.0 / weight.length));
        float[] bias = block.getParameters().get(PATHS[1]).getArray().toFloatArray();
        assertEquals(bias, new float[32]);
    }

    @Test
    void givenValuesOutliveTheInitializersOfATrainer() {
        Block source = Networks.initialised(manager);
        Map<String, EncodedWeight> values = Networks.values(source);
        GraphBlock block =
                GraphBlock.of(new GraphModel(Networks.convolutionalGraph(source), values));
        try (Model model = Model.newInstance("given")) {
            model.setBlock(block);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(Loss.l2Loss())
                            .optInitializer(Initializer.ONES, Parameter.Type.WEIGHT);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(2, 1, Networks.SIZE, Networks.SIZE));
                block.getParameters()
                        .forEach(
                                p ->
                                        assertEquals(
                                                p.getValue().getArray().toFloatArray(),
                                                values.get(p.getKey()).decode()));
            }
        }
    }

    @Test
    void shapesAreToldBeforeAnythingIsInitialised() {
        GraphBlock block = new GraphBlock(perceptron());
        assertEquals(block.describeInput().get("x"), new Shape(-1, Toy.FEATURES));
        for (long batch : new long[] {3, -1}) {
            Shape[] outputs = block.getOutputShapes(new Shape[] {new Shape(batch, Toy.FEATURES)});
            assertEquals(outputs, new Shape[] {new Shape(batch, Toy.CLASSES)});
        }
    }

    @DataProvider
    Object[][] wrong() {
        return new Object[][] {
            {new Shape(2, Toy.FEATURES + 1), DataType.FLOAT32, "shape"},
            {new Shape(Toy.FEATURES), DataType.FLOAT32, "shape"},
            {new Shape(2, Toy.FEATURES), DataType.INT64, "toType"},
        };
    }

    @Test(dataProvider = "wrong")
    void wrongInputsAreNamed(Shape shape, DataType type, String told) {
        GraphBlock block = new GraphBlock(perceptron());
        block.initialize(manager);
        NDList inputs = new NDList(manager.zeros(shape, type));
        String message =
                expectThrows(GraphException.class, () -> predict(block, inputs)).getMessage();
        assertTrue(message.contains("x: float32") && message.contains(told), message);
    }

    @Test
    void wrongCountsAndValuesAreRefused() {
        GraphBlock block = new GraphBlock(perceptron());
        block.initialize(manager);
        assertThrows(GraphException.class, () -> predict(block, new NDList()));
        assertThrows(
                GraphException.class, () -> GraphBlock.of(new GraphModel(perceptron(), Map.of())));
        Map<String, EncodedWeight> unfit =
                Map.of(
                        PATHS[0], Constants.scalar(1),
                        PATHS[1], Constants.scalar(1),
                        PATHS[2], Constants.scalar(1));
        assertThrows(
                GraphException.class, () -> GraphBlock.of(new GraphModel(perceptron(), unfit)));
    }

    @Test
    void typesThatEndTheEnginesProcessAreRefused() {
        Graph graph =
                new Graph(
                        List.of(
                                new Input(
                                        "x",
                                        ElementType.UINT16,
                                        dev.bonsai.graph.type.Shape.of(2))),
                        List.of(),
                        Map.of(),
                        List.of(Node.of(Unary.IDENTITY, "y", "x")),
                        List.of("y"));
        assertThrows(GraphException.class, () -> new GraphBlock(graph));
    }

    @Test
    void severalThreadsPredictAtOnce() throws Exception {
        Block source = Networks.initialised(manager);
        GraphBlock block = Networks.graphBlock(source, manager);
        List<float[]> inputs = new ArrayList<>();
        List<float[]> expected = new ArrayList<>();
        for (int i = 0; i < 20; ++i) {
            NDList images = Networks.images(manager, 2);
            inputs.add(images.head().toFloatArray());
            expected.add(predict(source, images).head().toFloatArray());
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<float[]>> found = new ArrayList<>();
            for (float[] input : inputs) {
                found.add(threads.submit(() -> predictAlone(block, input)));
            }
            for (int i = 0; i < found.size(); ++i) {
                assertEquals(found.get(i).get(), expected.get(i), 1e-5f);
            }
        } finally {
            threads.shutdown();
        }
    }

    private static float[] predictAlone(Block block, float[] input) {
        try (NDManager own = NDManager.newBaseManager()) {
            NDArray images = own.create(input, new Shape(2, 1, Networks.SIZE, Networks.SIZE));
            ParameterStore store = new ParameterStore(own, false);
            return block.forward(store, new NDList(images), false).head().toFloatArray();
        }
    }

    @Test
    void trainingLeavesNoArrayInTheModelsManager() {
        try (Model model = Model.newInstance("leak")) {
            NDManager own = model.getNDManager();
            model.setBlock(Networks.graphBlock(Networks.initialised(manager), own));
            int before = 0;
            try (Trainer trainer =
                    model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss()))) {
                trainer.initialize(new Shape(4, 1, Networks.SIZE, Networks.SIZE));
                for (int step = 0; step < 52; ++step) {
                    try (NDManager batch = own.newSubManager()) {
                        NDList images = Networks.images(batch, 4);
                        NDList labels = new NDList(batch.zeros(new Shape(4, 1)));
                        try (GradientCollector collector = trainer.newGradientCollector()) {
                            NDList output = trainer.forward(images, labels);
                            collector.backward(trainer.getLoss().evaluate(labels, output));
                        }
                        trainer.step();
                    }
                    int now = ((BaseNDManager) own).getManagedArrays().size();
                    before = step == 1 ? now : before;
                    assertTrue(step < 2 || now == before, "step " + step);
                }
            }
        }
    }

    @Test
    void compressionIsThatOfTheBlockAndReachesThePromisedSparsity() throws Exception {
        try (Toy toy = new Toy();
                Model plain = Toy.model(Toy.mlp());
                Model made = Model.newInstance("graph")) {
            Shape sample = new Shape(1, Toy.FEATURES);
            plain.getBlock().initialize(plain.getNDManager(), DataType.FLOAT32, sample);
            NDList inputs = new NDList(manager.zeros(new Shape(3, Toy.FEATURES)));
            GraphModel traced = Tracer.trace(plain.getBlock(), inputs);
            GraphBlock block = GraphBlock.of(traced);
            block.initialize(made.getNDManager());
            made.setBlock(block);
            Map<String, float[]> expected = toy.train(plain, 3, pruning(toy));
            Map<String, float[]> found = toy.train(made, 3, pruning(toy));
            assertEquals(found.keySet(), expected.keySet());
            expected.forEach((path, values) -> assertEquals(found.get(path), values, 1e-4f, path));
            int weights = 32 * (Toy.FEATURES + Toy.CLASSES);
            assertEquals(Toy.weightZeros(found), weights * 3 / 4);
        }
    }

    private static CompressionListener pruning(Toy toy) {
        return CompressionListener.builder()
                .addTechnique(
                        Pruning.builder()
                                .setTargetSparsity(0.75f)
                                .optSchedule(SparsitySchedule.constant())
                                .build())
                .optGate(toy.gate().optMaxDrop(1).build())
                .optWarmup(0)
                .build();
    }

    @Test
    void orderOfTheWeightsIsSeenFromTheOutside() {
        Block block = Networks.graphBlock(Networks.initialised(manager), manager);
        ParameterStore store = new ParameterStore(manager, false);
        var order = WeightOrder.of(block, store, Networks.images(manager, 2)).orElseThrow();
        assertEquals(paths(order.first()), "01Conv2d_weight");
        assertEquals(paths(order.last()), "08Linear_weight");
    }

    private static String paths(Iterable<TargetWeight> weights) {
        List<String> paths = new ArrayList<>();
        weights.forEach(weight -> paths.add(weight.path()));
        return String.join(" ", paths);
    }

    @Test
    void tiedWeightsGetTheSumOfTheirGradients() {
        Graph graph =
                new Graph(
                        List.of(),
                        List.of(weight("w", 3)),
                        Map.of(),
                        List.of(
                                Node.of(Binary.MUL, "square", "w", "w"),
                                Node.of(Binary.ADD, "y", "square", "w")),
                        List.of("y", "w", "y"));
        float[] values = {1, -2, 0.5f};
        GraphBlock block =
                GraphBlock.of(new GraphModel(graph, Map.of("w", Constants.floats(values))));
        block.initialize(manager);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDList outputs = predict(block, new NDList());
            assertEquals(outputs.get(1).toFloatArray(), values);
            assertEquals(outputs.get(2).toFloatArray(), outputs.get(0).toFloatArray());
            collector.backward(outputs.head().sum());
        }
        float[] gradient = block.getParameters().get("w").getArray().getGradient().toFloatArray();
        assertEquals(gradient, new float[] {3, -3, 2}, Arrays.toString(gradient));
    }
}
