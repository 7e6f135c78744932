package dev.bonsai.runtime;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.runtime.arithmetic.Arithmetic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A convolutional, an attention and a recurrent model with seeded weights. As a program it prints a
 * line per arithmetic and model: its first results, and those when it is compiled.
 */
final class WholeModels {

    private static final int RUNS = 300;
    private static final Attributes NONE = Attributes.NONE;

    private final Random random = new Random(11);
    private final int[] shape;
    private final List<Weight> weights = new ArrayList<>();
    private final Map<String, EncodedWeight> values = new LinkedHashMap<>();
    private final Map<String, EncodedWeight> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private WholeModels(int... shape) {
        this.shape = shape;
    }

    public static void main(String[] arguments) {
        for (Arithmetic arithmetic : Arithmetic.all()) {
            print("convolutions", arithmetic, convolutions());
            print("attention", arithmetic, attention());
            print("recurrence", arithmetic, recurrence());
        }
    }

    private static void print(String name, Arithmetic arithmetic, WholeModels of) {
        Graph graph =
                new Graph(
                        List.of(new Input("x", ElementType.FLOAT32, Shape.of(of.shape))),
                        of.weights,
                        of.constants,
                        of.nodes,
                        List.of(of.nodes.get(of.nodes.size() - 1).outputs().get(0)));
        PlainModel model = PlainModel.of(new GraphModel(graph, of.values), arithmetic);
        Tensor x = Tensor.of(of.numbers(1, of.shape), of.shape);
        StringBuilder line = new StringBuilder(arithmetic + ":" + name);
        for (int run = 0; run < RUNS; ++run) {
            float[] results = model.run(x).get(0).floats();
            for (int i = 0; i < results.length && (run == 0 || run == RUNS - 1); ++i) {
                line.append(run == 0 && i == 0 ? ':' : ' ').append(results[i]);
            }
        }
        System.out.println(line);
    }

    private static WholeModels convolutions() {
        WholeModels m = new WholeModels(1, 1, 28, 28);
        String a = m.add("Conv", of("pads", same(4, 2)), "x", m.weight(6, 1, 5, 5), m.weight(6));
        a = m.add("MaxPool", pool(), m.add("Relu", NONE, a));
        a = m.add("Conv", NONE, a, m.weight(16, 6, 5, 5), m.weight(16));
        a = m.add("AveragePool", pool(), m.add("Tanh", NONE, a));
        a = m.add("Flatten", NONE, a);
        a = m.add("Gemm", of("transB", 1L), a, m.weight(120, 400), m.weight(120));
        a = m.add("Relu", NONE, a);
        a = m.add("Gemm", of("transB", 1L), a, m.weight(10, 120), m.weight(10));
        m.add("Softmax", of("axis", -1L), a);
        return m;
    }

    private static Attributes pool() {
        return of("kernel_shape", same(2, 2)).with("strides", same(2, 2));
    }

    private static WholeModels attention() {
        WholeModels m = new WholeModels(1, 17, 48);
        String x = m.add("LayerNormalization", NONE, "x", m.weight(48), m.weight(48));
        String heads = m.constant(1, 17, 4, 12);
        List<Long> turned = List.of(0L, 2L, 1L, 3L);
        String q =
                m.add(
                        "Transpose",
                        of("perm", turned),
                        m.add("Reshape", NONE, m.linear(x, 48, 48), heads));
        String k =
                m.add(
                        "Transpose",
                        of("perm", List.of(0L, 2L, 3L, 1L)),
                        m.add("Reshape", NONE, m.linear(x, 48, 48), heads));
        String v =
                m.add(
                        "Transpose",
                        of("perm", turned),
                        m.add("Reshape", NONE, m.linear(x, 48, 48), heads));
        String scores = m.add("Div", NONE, m.add("MatMul", NONE, q, k), m.weight(1));
        scores = m.add("Softmax", of("axis", -1L), scores);
        String a = m.add("Transpose", of("perm", turned), m.add("MatMul", NONE, scores, v));
        a = m.add("Reshape", NONE, a, m.constant(1, 17, 48));
        a = m.add("Add", NONE, m.linear(a, 48, 48), x);
        a = m.add("Gelu", NONE, m.linear(a, 48, 192));
        m.add("Add", NONE, m.linear(a, 192, 48), x);
        return m;
    }

    private static WholeModels recurrence() {
        WholeModels m = new WholeModels(9, 2, 7);
        Attributes size = of("hidden_size", 6L);
        String a =
                m.add("LSTM", size, "x", m.weight(1, 24, 7), m.weight(1, 24, 6), m.weight(1, 48));
        a = m.add("Reshape", NONE, a, m.constant(9, 2, 6));
        m.add("GRU", size, a, m.weight(1, 18, 6), m.weight(1, 18, 6), m.weight(1, 36));
        return m;
    }

    private String linear(String x, int from, int to) {
        return add("Add", NONE, add("MatMul", NONE, x, weight(from, to)), weight(to));
    }

    private String add(String operator, Attributes attributes, String... operands) {
        String name = "v" + nodes.size();
        nodes.add(new Node(Operators.of(operator, attributes), List.of(operands), List.of(name)));
        return name;
    }

    private String weight(int... size) {
        String name = "w" + weights.size();
        weights.add(new Weight(name, ElementType.FLOAT32, Shape.of(size)));
        float width = (float) (1 / Math.sqrt(size[size.length - 1]));
        values.put(name, new DenseWeight(size, numbers(width, size)));
        return name;
    }

    private String constant(long... numbers) {
        String name = "c" + constants.size();
        constants.put(name, Tensor.of(numbers, numbers.length).encode());
        return name;
    }

    private float[] numbers(float width, int... size) {
        float[] numbers = new float[Sizes.elements(size)];
        for (int i = 0; i < numbers.length; ++i) {
            numbers[i] = width * (float) random.nextGaussian();
        }
        return numbers;
    }

    private static Attributes of(String name, Object value) {
        return Attributes.NONE.with(name, value);
    }

    private static List<Long> same(int count, long value) {
        return Collections.nCopies(count, value);
    }
}
