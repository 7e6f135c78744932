package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.onnx.OnnxFormatException.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes a graph of a message, word by word. */
final class ModelReader {

    /** The producer's name in files that Bonsai wrote: what a tensor is stands there. */
    static final String PRODUCER = "Bonsai";

    private static final int MOST_AXES = 64;

    private final ModelProto model;
    private final NodeFlattener.Flat flat;
    private final GraphSketch sketch;
    private final List<String> outputs;
    private final WeightRule rule;
    private final boolean own;

    /** The results of the nodes that are constants. */
    private final Set<String> constants;

    ModelReader(ModelProto model) throws OnnxFormatException {
        this.model = model;
        flat = NodeFlattener.flatten(model);
        sketch = new GraphSketch(flat.names());
        outputs = model.getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
        rule = WeightRule.of(flat.nodes());
        own = model.getProducerName().equals(PRODUCER);
        constants =
                flat.nodes().stream()
                        .filter(node -> node.operator().equals("Constant"))
                        .flatMap(node -> node.outputs().stream())
                        .collect(Collectors.toSet());
    }

    GraphModel read() throws OnnxFormatException {
        refuseUnknown();
        try {
            inputs();
            initializers();
            for (OnnxNode node : flat.nodes()) {
                node(node);
            }
            return sketch.finish(outputs);
        } catch (GraphException e) {
            throw new OnnxFormatException(Problem.INVALID, e.getMessage(), e);
        }
    }

    private void refuseUnknown() throws OnnxFormatException {
        Map<String, Long> unknown =
                flat.nodes().stream()
                        .map(OnnxNode::operator)
                        .filter(operator -> !Translations.knows(operator))
                        .collect(
                                Collectors.groupingBy(
                                        operator -> operator, TreeMap::new, Collectors.counting()));
        if (!unknown.isEmpty()) {
            throw new OnnxFormatException(
                    Problem.UNSUPPORTED,
                    "The file has operators that are not known: "
                            + unknown.entrySet().stream()
                                    .map(entry -> entry.getKey() + " x " + entry.getValue())
                                    .collect(Collectors.joining(", "))
                            + ". Export the model without them; docs/onnx.md lists those that are"
                            + " known, and of If only one with a constant condition is");
        }
    }

    private void inputs() throws OnnxFormatException {
        for (ValueInfoProto input : model.getGraph().getInputList()) {
            String name = input.getName();
            if (!flat.tensors().containsKey(name) || constants.contains(name)) {
                sketch.input(input(input));
            }
        }
    }

    private Input input(ValueInfoProto input) throws OnnxFormatException {
        String name = "The input '" + input.getName() + "'";
        if (input.getType().getValueCase() != TypeProto.ValueCase.TENSOR_TYPE) {
            throw new OnnxFormatException(
                    Problem.UNSUPPORTED,
                    name + " has to be a tensor, but is " + input.getType().getValueCase());
        }
        TypeProto.Tensor tensor = input.getType().getTensorType();
        ElementType type = TensorReader.type(name, tensor.getElemType());
        if (!tensor.hasShape()) {
            throw new OnnxFormatException(
                    Problem.UNSUPPORTED,
                    name + " has no shape: export the model with one, free dimensions are allowed");
        }
        if (tensor.getShape().getDimCount() > MOST_AXES) {
            throw new OnnxFormatException(
                    Problem.INVALID, name + " has more than " + MOST_AXES + " axes");
        }
        List<Dim> dims = new ArrayList<>();
        for (Dimension dim : tensor.getShape().getDimList()) {
            Dim next = dim(dim, input.getName() + "_" + dims.size());
            // some files give one name to all axes, though their sizes differ
            boolean repeated = !next.isFixed() && dims.contains(next);
            dims.add(repeated ? Dim.free(next + "_" + dims.size()) : next);
        }
        return new Input(input.getName(), type, new Shape(dims));
    }

    private static Dim dim(Dimension dim, String standard) {
        if (dim.getValueCase() == Dimension.ValueCase.DIM_VALUE && dim.getDimValue() >= 0) {
            return Dim.of(dim.getDimValue());
        }
        String name = dim.getDimParam();
        return Dim.free(name.isBlank() || name.equals("?") ? standard : name);
    }

    private void initializers() throws OnnxFormatException {
        Set<String> used = WeightRule.used(flat.nodes(), outputs);
        for (var tensor : flat.tensors().entrySet()) {
            String name = tensor.getKey();
            if (!constants.contains(name) && (own || used.contains(name))) {
                EncodedWeight value = TensorReader.read(tensor.getValue());
                value(name, value, own || rule.isWeight(name, value));
            }
        }
    }

    private void value(String name, EncodedWeight value, boolean weight) {
        if (weight) {
            sketch.weight(name, value);
        } else {
            sketch.constant(name, value);
        }
    }

    private void node(OnnxNode node) throws OnnxFormatException {
        try {
            if (node.outputs().isEmpty()) {
                throw new GraphException("A node has at least one result, but none is named");
            }
            if (node.operator().equals("Constant")) {
                EncodedWeight value = ConstantForms.value(node);
                String name = node.outputs().get(0);
                value(name, value, !own && rule.isWeight(name, value));
            } else {
                Translations.translate(node, sketch);
            }
        } catch (GraphException | ArithmeticException e) {
            throw new OnnxFormatException(
                    e instanceof GraphException ? Problem.UNSUPPORTED : Problem.INVALID,
                    node + ": " + e.getMessage(),
                    e);
        } catch (OnnxFormatException e) {
            throw new OnnxFormatException(e.problem(), node + ": " + e.getMessage(), e);
        }
    }
}
