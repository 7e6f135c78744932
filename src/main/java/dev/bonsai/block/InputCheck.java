package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.Graph;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks what a block is given against the inputs of its graph. */
final class InputCheck {

    private final List<Input> inputs;
    private final List<DataType> types;

    InputCheck(List<Input> inputs) {
        this.inputs = inputs;
        types = inputs.stream().map(input -> Types.of(input.type())).toList();
    }

    /** Checks the inputs of a pass. */
    void arrays(NDList arrays) {
        checkCount(arrays.size());
        Map<String, Long> sizes = new HashMap<>();
        for (int i = 0; i < arrays.size(); ++i) {
            NDArray array = arrays.get(i);
            if (array.getDataType() != types.get(i)) {
                throw new GraphException(
                        "The input "
                                + inputs.get(i)
                                + " was given an array of the type "
                                + array.getDataType()
                                + ": convert it with toType");
            }
            bind(inputs.get(i), array.getShape(), sizes);
        }
    }

    /** Checks shapes, in which a dimension may be free (-1). */
    Map<String, Long> shapes(Shape... shapes) {
        checkCount(shapes.length);
        Map<String, Long> sizes = new HashMap<>();
        for (int i = 0; i < shapes.length; ++i) {
            bind(inputs.get(i), shapes[i], sizes);
        }
        return sizes;
    }

    private void checkCount(int given) {
        if (given != inputs.size()) {
            throw new GraphException(
                    "The model takes "
                            + inputs.size()
                            + " inputs, "
                            + inputs
                            + ", but got "
                            + given);
        }
    }

    private static void bind(Input input, Shape shape, Map<String, Long> sizes) {
        List<Dim> dims = input.shape().dims();
        boolean fits = shape.dimension() == dims.size();
        for (int i = 0; fits && i < dims.size(); ++i) {
            Dim dim = dims.get(i);
            long size = shape.get(i);
            if (size == Types.FREE) {
                continue;
            }
            if (dim.isFixed()) {
                fits = dim.size() == size;
            } else if (dim.isKnown() && dim.symbols().size() == 1 && dim.factor() == 1) {
                Long before = sizes.putIfAbsent(dim.symbols().get(0), size);
                fits = before == null || before == size;
            }
        }
        if (!fits) {
            throw new GraphException(
                    "The input "
                            + input
                            + " was given a value of shape "
                            + shape
                            + (sizes.isEmpty() ? "" : " where " + sizes));
        }
    }

    /** Returns the shapes of the outputs for shapes of the inputs. */
    Shape[] outputs(Graph graph, Shape[] shapes) {
        Map<String, Long> sizes = shapes(shapes);
        List<Input> bound = new ArrayList<>();
        inputs.forEach(i -> bound.add(new Input(i.name(), i.type(), i.shape().bind(sizes))));
        Map<String, ValueInfo> values =
                new Graph(bound, graph.weights(), graph.constants(), graph.nodes(), graph.outputs())
                        .values();
        return graph.outputs().stream().map(name -> shape(name, values)).toArray(Shape[]::new);
    }

    private static Shape shape(String name, Map<String, ValueInfo> values) {
        return values.get(name)
                .shape()
                .map(Types::of)
                .orElseThrow(
                        () ->
                                new GraphException(
                                        "The rank of the output '"
                                                + name
                                                + "' follows from values: run the block and look"
                                                + " at its shape"));
    }
}
