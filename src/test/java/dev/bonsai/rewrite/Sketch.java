package dev.bonsai.rewrite;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Puts a graph together, with seeded weights. */
final class Sketch {

    private final Random random;
    private final List<Input> inputs = new ArrayList<>();
    private final List<Weight> weights = new ArrayList<>();
    private final Map<String, EncodedWeight> values = new LinkedHashMap<>();
    private final Map<String, EncodedWeight> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    Sketch(long seed) {
        random = new Random(seed);
    }

    String input(String name, Object... dims) {
        return input(name, ElementType.FLOAT32, dims);
    }

    String input(String name, ElementType type, Object... dims) {
        List<Dim> shape =
                Arrays.stream(dims)
                        .map(dim -> dim instanceof String s ? Dim.free(s) : Dim.of((Integer) dim))
                        .toList();
        inputs.add(new Input(name, type, new Shape(shape)));
        return name;
    }

    String weight(String path, int... shape) {
        return weight(path, -1f, 1f, shape);
    }

    String weight(String path, float low, float high, int... shape) {
        float[] data = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        for (int i = 0; i < data.length; ++i) {
            data[i] = low + random.nextFloat() * (high - low);
        }
        weights.add(new Weight(path, ElementType.FLOAT32, Shape.of(shape)));
        values.put(path, new DenseWeight(shape, data));
        return path;
    }

    String scalar(double value) {
        return constant(Constants.scalar((float) value));
    }

    String integers(long... numbers) {
        return constant(Constants.integers(numbers));
    }

    String integer(long number) {
        return constant(Constants.integer(number));
    }

    String constant(EncodedWeight value) {
        String name = "c" + constants.size();
        constants.put(name, value);
        return name;
    }

    String node(Operator operator, String... operands) {
        String name = "n" + nodes.size();
        nodes.add(Node.of(operator, name, operands));
        return name;
    }

    /** Several results. */
    List<String> nodes(Operator operator, int results, String... operands) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < results; ++i) {
            names.add("n" + nodes.size() + "_" + i);
        }
        nodes.add(new Node(operator, List.of(operands), names));
        return names;
    }

    List<Node> nodes() {
        return nodes;
    }

    Graph graph(String... outputs) {
        return new Graph(inputs, weights, constants, nodes, List.of(outputs));
    }

    Map<String, EncodedWeight> weights() {
        return values;
    }
}
