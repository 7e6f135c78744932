package dev.bonsai.file;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.GridWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.encoding.ScaleLayout;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Models with graphs of many sorts. */
final class GraphSamples {

    private static final Dim BATCH = Dim.free("batch");

    private final List<Input> inputs = new ArrayList<>();
    private final List<NamedWeight> weights = new ArrayList<>();
    private final Map<String, EncodedWeight> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Random random = new Random(11);

    private GraphSamples() {}

    /** Returns the models by name. */
    static Map<String, BonsaiModel> all() {
        Map<String, BonsaiModel> models = new LinkedHashMap<>();
        models.put("graph-smallest", smallest());
        models.put("graph-lenet", leNet());
        models.put("graph-residual", residual());
        models.put("graph-attention", attention());
        models.put("graph-recurrent", recurrent());
        models.put("graph-odd", odd());
        return models;
    }

    /** One input, one weight, two operators: the example of the page. */
    static BonsaiModel smallest() {
        GraphSamples made = new GraphSamples();
        made.input("x", ElementType.FLOAT32, BATCH, Dim.of(2));
        GridWeight weight =
                new GridWeight(
                        new int[] {2, 2},
                        3,
                        ScaleLayout.perTensor(4),
                        new int[] {1, 0, -1, 1},
                        new float[] {0.5f},
                        new int[1]);
        made.weights.add(new NamedWeight("w", Role.WEIGHT, weight));
        made.node("Gemm", "product", Map.of("transB", 1L), "x", "w");
        made.node("Relu", "y", Map.of(), "product");
        return made.model("y");
    }

    /** The network of the examples. */
    static BonsaiModel leNet() {
        GraphSamples made = new GraphSamples();
        made.input("data0", ElementType.FLOAT32, BATCH, Dim.of(1), Dim.of(28), Dim.of(28));
        Map<String, Object> first =
                Map.of("kernel_shape", List.of(5L, 5L), "pads", List.of(2L, 2L, 2L, 2L));
        Map<String, Object> pool =
                Map.of("kernel_shape", List.of(2L, 2L), "strides", List.of(2L, 2L));
        made.weight("01Conv2d", 6, 1, 5, 5).weight("01Conv2d_bias", 6);
        made.weight("04Conv2d", 16, 6, 5, 5).weight("04Conv2d_bias", 16);
        made.weight("08Linear", 120, 400).weight("08Linear_bias", 120);
        made.weight("10Linear", 10, 120).weight("10Linear_bias", 10);
        made.node("Conv", "a", first, "data0", "01Conv2d", "01Conv2d_bias");
        made.node("Relu", "b", Map.of(), "a").node("MaxPool", "c", pool, "b");
        Map<String, Object> second = Map.of("kernel_shape", List.of(5L, 5L));
        made.node("Conv", "d", second, "c", "04Conv2d", "04Conv2d_bias");
        made.node("Relu", "e", Map.of(), "d").node("MaxPool", "f", pool, "e");
        made.node("Flatten", "g", Map.of(), "f");
        Map<String, Object> linear = Map.of("transB", 1L);
        made.node("Gemm", "h", linear, "g", "08Linear", "08Linear_bias");
        made.node("Relu", "i", Map.of(), "h");
        made.node("Gemm", "output", linear, "i", "10Linear", "10Linear_bias");
        return made.model("output");
    }

    /** Batch norm, a merge, attributes of floats and texts, a weight that is not used. */
    private static BonsaiModel residual() {
        GraphSamples made = new GraphSamples();
        made.input("pictures", ElementType.FLOAT32, BATCH, Dim.of(4), Dim.of(6), Dim.of(6));
        made.weight("conv", 4, 4, 3, 3).weight("spare", 3);
        made.weight("gamma", 4).weight("beta", 4).weight("mean", 4).weight("variance", 4);
        Map<String, Object> conv = Map.of("auto_pad", "SAME_UPPER", "group", 1L);
        made.node("Conv", "a", conv, "pictures", "conv");
        Map<String, Object> norm = Map.of("epsilon", 1e-3f, "momentum", 0.99f);
        made.node("BatchNormalization", "b", norm, "a", "gamma", "beta", "mean", "variance");
        made.node("Add", "c", Map.of(), "b", "pictures");
        made.node("LeakyRelu", "d", Map.of("alpha", 0.2f), "c");
        made.node("GlobalAveragePool", "pooled", Map.of(), "d");
        made.nodes.add(
                new Node(
                        Operators.of(
                                "MaxPool", made.given(Map.of("kernel_shape", List.of(6L, 6L)))),
                        List.of("d"),
                        List.of("largest", "places")));
        BonsaiModel all = made.model("places", "pooled", "places");
        Graph graph = all.graph().orElseThrow();
        List<Weight> used = new ArrayList<>(graph.weights());
        used.remove(1);
        used.add(used.remove(0)); // in another order
        Graph fewer =
                new Graph(graph.inputs(), used, graph.constants(), graph.nodes(), graph.outputs());
        return all.withGraph(Optional.of(fewer));
    }

    /** Shape arithmetic, constants of several types, free dimensions that are named twice. */
    private static BonsaiModel attention() {
        GraphSamples made = new GraphSamples();
        Dim length = Dim.free("tokens of a sentence");
        made.input("input_ids", ElementType.INT64, BATCH, length);
        made.input("attention_mask", ElementType.INT64, BATCH, length);
        made.weight("embedding", 9, 4).weight("query", 4, 4).weight("scale", 4).weight("shift", 4);
        made.constants.put("heads", Constants.integers(0, 0, 2, 2));
        made.constants.put("root", Constants.scalar(2f));
        made.constants.put("last", Constants.integer(-1));
        made.constants.put("second", Constants.integers(2));
        made.constants.put("mine", new ExactWeight(new int[0], ElementType.BOOLEAN, new byte[1]));
        made.node("Gather", "a", Map.of(), "embedding", "input_ids");
        made.node("MatMul", "b", Map.of(), "a", "query");
        made.node("Reshape", "c", Map.of(), "b", "heads");
        made.node("Transpose", "d", Map.of("perm", List.of(0L, 2L, 1L, 3L)), "c");
        made.node("Div", "e", Map.of(), "d", "root");
        made.node("Softmax", "f", Map.of("axis", 1L), "e");
        made.node("Cast", "g", Map.of("to", 1L), "attention_mask");
        made.node("Unsqueeze", "h", Map.of(), "g", "second");
        made.node("LayerNormalization", "norm", Map.of("epsilon", 1e-12f), "a", "scale", "shift");
        made.node("Mul", "i", Map.of(), "norm", "h");
        made.node("ReduceMean", "y", Map.of("axes", List.of(1L), "keepdims", 0L), "i");
        made.node("Gelu", "z", Map.of("approximate", "tanh"), "y");
        made.node("Shape", "shape", Map.of("start", 1L, "end", -1L), "c");
        return made.model("z", "f", "shape", "last", "input_ids");
    }

    /** Operands and results that are left out. */
    private static BonsaiModel recurrent() {
        GraphSamples made = new GraphSamples();
        made.input("x", ElementType.FLOAT32, Dim.free("length"), BATCH, Dim.of(3));
        made.input("lengths", ElementType.INT32, BATCH);
        made.weight("w", 2, 20, 3).weight("r", 2, 20, 5);
        made.nodes.add(
                new Node(
                        Operators.of(
                                "LSTM",
                                made.given(
                                        Map.of("hidden_size", 5L, "direction", "bidirectional"))),
                        List.of("x", "w", "r", "", "lengths"),
                        List.of("", "h")));
        made.constants.put("parts", Constants.integers(1, 4));
        made.nodes.add(
                new Node(
                        Operators.of("Split", made.given(Map.of("axis", 2L))),
                        List.of("h", "parts"),
                        List.of("first", "others")));
        made.node("Concat", "joined", Map.of("axis", -1L), "others", "first", "others");
        return made.model("joined");
    }

    /** Names that stand in the way of canonical ones, and what is strange but right. */
    private static BonsaiModel odd() {
        GraphSamples made = new GraphSamples();
        made.input("v4", ElementType.FLOAT32);
        made.input("v4_", ElementType.FLOAT16, Dim.of(0), Dim.free("v5"));
        made.weights.add(
                new NamedWeight(
                        "v2",
                        Role.OTHER,
                        new ExactWeight(new int[] {1}, ElementType.FLOAT64, new byte[8])));
        made.constants.put("large", new DenseWeight(new int[] {3, 200}, new float[600]));
        made.node("Neg", "枝", Map.of(), "v4");
        made.node("Abs", "v6", Map.of(), "枝");
        made.node("Add", "🌳 sum", Map.of(), "v6", "枝");
        made.node("Identity", "same", Map.of(), "large");
        return made.model("🌳 sum", "v4_", "v2", "large", "v6");
    }

    private void input(String name, ElementType type, Dim... dims) {
        inputs.add(new Input(name, type, Shape.of(dims)));
    }

    private GraphSamples weight(String path, int... shape) {
        int size = 1;
        for (int dimension : shape) {
            size *= dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i += 7) {
            values[i] = random.nextFloat();
        }
        Role role = shape.length == 1 ? Role.BIAS : Role.WEIGHT;
        weights.add(new NamedWeight(path, role, new DenseWeight(shape, values)));
        return this;
    }

    private GraphSamples node(
            String operator, String result, Map<String, Object> attributes, String... operands) {
        nodes.add(Node.of(Operators.of(operator, given(attributes)), result, operands));
        return this;
    }

    private Attributes given(Map<String, Object> attributes) {
        return Attributes.of(attributes);
    }

    private BonsaiModel model(String... outputs) {
        List<Weight> all = new ArrayList<>();
        for (NamedWeight weight : weights) {
            EncodedWeight value = weight.value();
            all.add(new Weight(weight.path(), Constants.type(value), Shape.of(value.shape())));
        }
        Graph graph = new Graph(inputs, all, constants, nodes, List.of(outputs));
        return new BonsaiModel(weights, List.of()).withGraph(Optional.of(graph));
    }
}
