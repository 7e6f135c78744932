package dev.bonsai.graph;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model as operators of ONNX in the order in which they are computed. Everything is checked when
 * a graph is made: each name is defined once, and before it is used; the operands of each operator
 * fit.
 *
 * <pre>{@code
 * Graph graph =
 *         new Graph(
 *                 List.of(new Input("x", ElementType.FLOAT32, Shape.of(Dim.free("batch"), Dim.of(4)))),
 *                 List.of(new Weight("weight", ElementType.FLOAT32, Shape.of(2, 4))),
 *                 Map.of(),
 *                 List.of(
 *                         Node.of(new Gemm(1, 1, false, true), "product", "x", "weight"),
 *                         Node.of(Unary.RELU, "y", "product")),
 *                 List.of("y"));
 * }</pre>
 *
 * @param inputs what the model is given
 * @param weights the parameters, by the path that people know them by; their values live elsewhere
 * @param constants small values that are part of the structure, by name
 * @param nodes the operators, each behind those whose results it takes
 * @param outputs the names of the results, of nodes or of anything else
 */
public record Graph(
        List<Input> inputs,
        List<Weight> weights,
        Map<String, EncodedWeight> constants,
        List<Node> nodes,
        List<String> outputs) {

    /**
     * What a model is given.
     *
     * @param name its name
     * @param type the type of its elements
     * @param shape its shape; free dimensions of one name have one size
     */
    public record Input(String name, ElementType type, Shape shape) {

        public Input {
            for (Dim dim : shape.dims()) {
                boolean named = dim.isKnown() && dim.factor() == 1 && dim.symbols().size() == 1;
                if (!dim.isFixed() && !named) {
                    throw new GraphException(
                            "A free dimension of an input is one name, but %s stands in the "
                                    + "shape %s of %s: name it, say, batch",
                            dim, shape, name);
                }
            }
        }

        @Override
        public String toString() {
            return name + ": " + ValueInfo.of(type, shape);
        }
    }

    /**
     * A parameter.
     *
     * @param path the path that people know it by
     * @param type the type of its elements
     * @param shape its shape, without free dimensions
     */
    public record Weight(String path, ElementType type, Shape shape) {

        public Weight {
            if (!shape.isFixed()) {
                throw new GraphException("The weight %s has a free shape %s", path, shape);
            }
        }

        @Override
        public String toString() {
            return path + ": " + ValueInfo.of(type, shape);
        }
    }

    public Graph {
        inputs = List.copyOf(inputs);
        weights = List.copyOf(weights);
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        nodes = List.copyOf(nodes);
        outputs = List.copyOf(outputs);
        ShapeInference.infer(inputs, weights, constants, nodes, outputs); // throws what is wrong
    }

    /**
     * Tells what is known of every value before anything is computed.
     *
     * @return type and shape by the name of the value, in the order of definition
     */
    public Map<String, ValueInfo> values() {
        return ShapeInference.infer(inputs, weights, constants, nodes, outputs);
    }

    /**
     * Tells what is known of every value if the inputs have given shapes.
     *
     * @param shapes a shape per input, in order, without free dimensions
     * @return type and shape by the name of the value
     * @throws GraphException if the shapes don't fit
     */
    public Map<String, ValueInfo> values(List<Shape> shapes) {
        return ShapeInference.infer(bound(shapes), weights, constants, nodes, outputs);
    }

    private List<Input> bound(List<Shape> shapes) {
        if (shapes.size() != inputs.size()) {
            throw new GraphException(
                    "The model takes %s inputs, but got %s", inputs.size(), shapes.size());
        }
        Map<String, Long> sizes = new HashMap<>();
        List<Input> bound = new ArrayList<>();
        for (int i = 0; i < shapes.size(); ++i) {
            Input input = inputs.get(i);
            ShapeInference.bind(input, shapes.get(i), sizes);
            bound.add(new Input(input.name(), input.type(), shapes.get(i)));
        }
        return bound;
    }

    /**
     * Returns an input, weight or constant by its name.
     *
     * @param name the name
     * @return the weight of that path, or empty if the name is another value's
     */
    public Optional<Weight> weight(String name) {
        return weights.stream().filter(weight -> weight.path().equals(name)).findFirst();
    }

    /**
     * Returns the same graph with names for its intermediate values that follow from their order:
     * what a file leaves out. Inputs, weights and outputs keep their names.
     *
     * @return the graph; graphs that differ in names of intermediate values only give equal ones
     */
    public Graph canonical() {
        return CanonicalNames.rename(this);
    }

    /** The graph as a page: inputs, weights, constants, and a line per node with its shape. */
    @Override
    public String toString() {
        return GraphText.of(this);
    }
}
