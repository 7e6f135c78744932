package dev.bonsai.cli;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Gemm;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.onnx.OnnxExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Models of a few operators, in files. */
final class SmallModels {

    private static final Dim BATCH = Dim.free("batch");

    private SmallModels() {}

    /** Two linear layers with ReLU between, for rows of 64 numbers and 10 classes. */
    static GraphModel layers() {
        Graph graph =
                new Graph(
                        List.of(new Input("x", ElementType.FLOAT32, Shape.of(BATCH, Dim.of(64)))),
                        List.of(
                                new Weight("first", ElementType.FLOAT32, Shape.of(48, 64)),
                                new Weight("bias", ElementType.FLOAT32, Shape.of(48)),
                                new Weight("second", ElementType.FLOAT32, Shape.of(10, 48))),
                        Map.of(),
                        List.of(
                                Node.of(new Gemm(1, 1, false, true), "a", "x", "first", "bias"),
                                Node.of(Unary.RELU, "b", "a"),
                                Node.of(new Gemm(1, 1, false, true), "y", "b", "second")),
                        List.of("y"));
        return new GraphModel(
                graph,
                Map.of(
                        "first", random(1, 48, 64),
                        "bias", random(2, 48),
                        "second", random(3, 10, 48)));
    }

    /** The first of them, a batch normalisation, and the second. */
    static GraphModel normalized() {
        GraphModel layers = layers();
        Graph graph = layers.graph();
        List<Weight> weights = new ArrayList<>(graph.weights());
        Map<String, EncodedWeight> values = new HashMap<>(layers.weights());
        int seed = 10;
        for (String name : List.of("gain", "offset", "mean", "variance")) {
            weights.add(new Weight(name, ElementType.FLOAT32, Shape.of(48)));
            float[] numbers = random(++seed, 48).decode();
            for (int i = 0; i < numbers.length; ++i) {
                numbers[i] = name.equals("variance") ? 50 + Math.abs(numbers[i]) : numbers[i];
            }
            values.put(name, new DenseWeight(new int[] {48}, numbers));
        }
        return new GraphModel(
                new Graph(
                        graph.inputs(),
                        weights,
                        Map.of(),
                        List.of(
                                graph.nodes().get(0),
                                Node.of(
                                        Operators.of("BatchNormalization", Attributes.NONE),
                                        "n",
                                        "a",
                                        "gain",
                                        "offset",
                                        "mean",
                                        "variance"),
                                Node.of(Unary.RELU, "b", "n"),
                                graph.nodes().get(2)),
                        List.of("y")),
                values);
    }

    /** The layers, of which only the class with the largest score is told. */
    static GraphModel best() {
        GraphModel layers = layers();
        Graph graph = layers.graph();
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.add(Node.of(Operators.of("ArgMax", Attributes.NONE.with("axis", 1L)), "best", "y"));
        return new GraphModel(
                new Graph(graph.inputs(), graph.weights(), Map.of(), nodes, List.of("best")),
                layers.weights());
    }

    static EncodedWeight random(long seed, int... shape) {
        int size = 1;
        for (int dim : shape) {
            size *= dim;
        }
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; ++i) {
            values[i] = (float) random.nextGaussian();
        }
        return new DenseWeight(shape, values);
    }

    /** Gives back what it is given, flat: its outputs tell what the inputs were. */
    static GraphModel echo(ElementType type, Dim... sample) {
        Dim[] dims = new Dim[sample.length + 1];
        dims[0] = BATCH;
        System.arraycopy(sample, 0, dims, 1, sample.length);
        return new GraphModel(
                new Graph(
                        List.of(new Input("x", type, Shape.of(dims))),
                        List.of(),
                        Map.of(),
                        List.of(Node.of(new Flatten(1), "y", "x")),
                        List.of("y")),
                Map.of());
    }

    /** Gives back numbers as those of another type. */
    static GraphModel cast(ElementType from, ElementType to, Dim... sample) {
        Graph echo = echo(from, sample).graph();
        return new GraphModel(
                new Graph(
                        echo.inputs(),
                        List.of(),
                        Map.of(),
                        List.of(Node.of(new Cast(to), "y", "x")),
                        List.of("y")),
                Map.of());
    }

    /** Adds two rows of three numbers. */
    static GraphModel sum() {
        Shape shape = Shape.of(BATCH, Dim.of(3));
        return new GraphModel(
                new Graph(
                        List.of(
                                new Input("left", ElementType.FLOAT32, shape),
                                new Input("right", ElementType.FLOAT32, shape)),
                        List.of(),
                        Map.of(),
                        List.of(Node.of(Binary.SUB, "difference", "left", "right")),
                        List.of("difference")),
                Map.of());
    }

    /** Writes a model as a {@code .bonsai} file. */
    static Path write(Path file, GraphModel model) throws IOException {
        List<NamedWeight> weights =
                model.weights().entrySet().stream()
                        .map(
                                entry ->
                                        new NamedWeight(
                                                entry.getKey(), Role.WEIGHT, entry.getValue()))
                        .toList();
        BonsaiFile.write(
                file, new BonsaiModel(weights, List.of(), Optional.of(model.graph()), List.of()));
        return file;
    }

    /** Writes a model as an ONNX file. */
    static Path writeOnnx(Path file, GraphModel model) throws IOException {
        OnnxExporter.write(file, model);
        return file;
    }
}
