package dev.bonsai.graph;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Graph.Weight;
import dev.bonsai.graph.operator.Operands;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Goes through a graph and finds out type and shape of each value, or what is wrong. */
final class ShapeInference {

    private final Map<String, ValueInfo> values = new LinkedHashMap<>();

    private ShapeInference() {}

    static Map<String, ValueInfo> infer(
            List<Input> inputs,
            List<Weight> weights,
            Map<String, EncodedWeight> constants,
            List<Node> nodes,
            List<String> outputs) {
        ShapeInference inference = new ShapeInference();
        inputs.forEach(i -> inference.define(i.name(), ValueInfo.of(i.type(), i.shape())));
        weights.forEach(w -> inference.define(w.path(), ValueInfo.of(w.type(), w.shape())));
        constants.forEach((name, value) -> inference.define(name, ValueInfo.constant(value)));
        nodes.forEach(inference::node);
        if (outputs.isEmpty()) {
            throw new GraphException("A graph has at least one output, but none is named");
        }
        for (String output : outputs) {
            if (!inference.values.containsKey(output)) {
                throw new GraphException("The output '%s' is not defined", output);
            }
        }
        return inference.values;
    }

    private void define(String name, ValueInfo value) {
        if (name.equals(Node.ABSENT)) {
            throw new GraphException("An input, weight or constant needs a name, but has none");
        }
        if (values.putIfAbsent(name, value) != null) {
            throw new GraphException("The name '%s' is defined twice: rename one", name);
        }
    }

    private void node(Node node) {
        List<Optional<ValueInfo>> operands = new ArrayList<>();
        for (String input : node.inputs()) {
            if (!input.equals(Node.ABSENT) && !values.containsKey(input)) {
                throw new GraphException(
                        "%s takes '%s', which is not defined before it: put the nodes in "
                                + "order; a cycle can't be",
                        node, input);
            }
            operands.add(Optional.ofNullable(values.get(input)));
        }
        List<ValueInfo> results = infer(node, operands);
        for (int i = 0; i < node.outputs().size(); ++i) {
            if (!node.outputs().get(i).equals(Node.ABSENT)) {
                define(node.outputs().get(i), results.get(i));
            }
        }
    }

    private static List<ValueInfo> infer(Node node, List<Optional<ValueInfo>> operands) {
        try {
            return node.operator().infer(new Operands(operands, node.outputs().size()));
        } catch (GraphException e) {
            throw new GraphException(node + ": " + e.getMessage(), e);
        } catch (ArithmeticException e) {
            throw new GraphException(node + ": a size is too large", e);
        }
    }

    /** Finds the sizes of the free dimensions of an input. */
    static void bind(Input input, Shape shape, Map<String, Long> sizes) {
        if (shape.rank() != input.shape().rank()) {
            throw unfit(input, shape);
        }
        for (int i = 0; i < shape.rank(); ++i) {
            Dim wanted = input.shape().get(i).bind(sizes);
            long size = shape.get(i).size();
            if (!wanted.isFixed()) {
                sizes.put(wanted.symbols().get(0), size);
            } else if (wanted.size() != size) {
                throw unfit(input, shape);
            }
        }
    }

    private static GraphException unfit(Input input, Shape shape) {
        return new GraphException("The input %s was given a value of shape %s", input, shape);
    }
}
