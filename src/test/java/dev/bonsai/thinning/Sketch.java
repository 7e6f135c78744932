package dev.bonsai.thinning;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.AutoPad;
import dev.bonsai.graph.operator.Conv;
import dev.bonsai.graph.operator.ConvTranspose;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Window;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.runtime.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small graph that grows node by node; the values of its weights follow from a seed. */
final class Sketch {

    private final Shape input;
    private final Shape given;
    private final List<Graph.Weight> weights = new ArrayList<>();
    private final Map<String, EncodedWeight> constants = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    Sketch(long... input) {
        this(Shape.of(input), input);
    }

    /** A sketch of which the input has free dimensions, and the sizes that it is given. */
    Sketch(Shape input, long... sizes) {
        this.input = input;
        given = Shape.of(sizes);
    }

    Sketch weight(String name, long... shape) {
        weights.add(new Graph.Weight(name, ElementType.FLOAT32, Shape.of(shape)));
        return this;
    }

    Sketch integers(String name, long... values) {
        constants.put(name, Constants.integers(values));
        return this;
    }

    Sketch constant(String name, EncodedWeight value) {
        constants.put(name, value);
        return this;
    }

    Sketch node(Operator operator, String output, String... inputs) {
        nodes.add(Node.of(operator, output, inputs));
        return this;
    }

    Sketch nodes(Operator operator, List<String> outputs, String... inputs) {
        nodes.add(new Node(operator, List.of(inputs), outputs));
        return this;
    }

    /** A convolution that keeps the size of the image, with a weight of the shape that is given. */
    Sketch conv(int group, String output, String x, long... shape) {
        Window window = new Window(AutoPad.SAME_UPPER, List.of(), List.of(), List.of(), List.of());
        return weight(output + "_w", shape)
                .weight(output + "_b", shape[0])
                .node(new Conv(window, group), output, x, output + "_w", output + "_b");
    }

    Sketch turned(int group, String output, String x, long... shape) {
        Window window = new Window(AutoPad.NOTSET, List.of(), List.of(), List.of(), List.of());
        return weight(output + "_w", shape)
                .weight(output + "_b", shape[1] * group)
                .node(
                        new ConvTranspose(window, group, List.of(), List.of()),
                        output,
                        x,
                        output + "_w",
                        output + "_b");
    }

    Graph graph(String... outputs) {
        return new Graph(
                List.of(new Graph.Input("x", ElementType.FLOAT32, input)),
                weights,
                constants,
                nodes,
                List.of(outputs));
    }

    GraphModel model() {
        Graph graph = graph("y");
        return Samples.seeded(new GraphModel(graph, zeros()), 23);
    }

    private Map<String, EncodedWeight> zeros() {
        Map<String, EncodedWeight> values = new LinkedHashMap<>();
        for (Graph.Weight weight : weights) {
            float[] zeros = new float[(int) weight.shape().elements().size()];
            values.put(
                    weight.path(),
                    new dev.bonsai.encoding.DenseWeight(weight.shape().sizes(), zeros));
        }
        return values;
    }

    Tensor tensor() {
        Random random = new Random(29);
        float[] values = new float[(int) given.elements().size()];
        for (int i = 0; i < values.length; ++i) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return Tensor.of(values, given.sizes());
    }
}
