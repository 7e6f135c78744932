package dev.bonsai.onnx;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.GraphException;
import java.util.ArrayList;
import java.util.List;

/** Older forms of operators on shapes, whose numbers stood in attributes. */
final class ShapeForms {

    /** From this operator set on, axes and sizes of parts are operands. */
    private static final long AXES_OPERANDS = 13;

    /** From this operator set on, what a slice takes is operands. */
    private static final long SLICE_OPERANDS = 10;

    /** From this operator set on, pads are operands. */
    private static final long PAD_OPERANDS = 11;

    private ShapeForms() {}

    /** Squeeze and Unsqueeze. */
    static void axes(OnnxNode node, GraphSketch sketch) {
        Operator operator = Operators.of(node.operator(), node.attributes("axes"));
        if (node.version() >= AXES_OPERANDS) {
            node.need("axes", List.of());
            sketch.node(operator, node.inputs(), node.outputs());
            return;
        }
        sketch.node(
                operator, List.of(node.input(0), numbers(node, "axes", sketch)), node.outputs());
    }

    /** An attribute as a constant; what is left out is absent. */
    private static String numbers(OnnxNode node, String attribute, GraphSketch sketch) {
        return node.has(attribute)
                ? sketch.newConstant(
                        node.outputs().get(0) + "_" + attribute,
                        Constants.integers(node.integers(attribute)))
                : Node.ABSENT;
    }

    static void slice(OnnxNode node, GraphSketch sketch) {
        if (node.version() >= SLICE_OPERANDS) {
            Translations.plain(node, sketch);
            return;
        }
        sketch.node(
                Plain.SLICE,
                List.of(
                        node.input(0),
                        numbers(node, "starts", sketch),
                        numbers(node, "ends", sketch),
                        numbers(node, "axes", sketch)),
                node.outputs());
    }

    static void split(OnnxNode node, GraphSketch sketch) {
        long parts = node.integer("num_outputs", node.outputs().size());
        if (parts != node.outputs().size()) {
            throw new GraphException(
                    "num_outputs is "
                            + parts
                            + ", but there are "
                            + node.outputs().size()
                            + " results");
        }
        Split split = new Split(Math.toIntExact(node.integer("axis", 0)));
        String sizes =
                node.version() < AXES_OPERANDS ? numbers(node, "split", sketch) : node.input(1);
        sketch.node(split, List.of(node.input(0), sizes), node.outputs());
    }

    static void pad(OnnxNode node, GraphSketch sketch) {
        if (node.version() >= PAD_OPERANDS) {
            Translations.plain(node, sketch);
            return;
        }
        List<String> operands = new ArrayList<>();
        operands.add(node.input(0));
        operands.add(numbers(node, "pads", sketch));
        float value = node.real("value", 0f);
        if (value != 0) {
            operands.add(
                    sketch.newConstant(node.outputs().get(0) + "_value", Constants.scalar(value)));
        }
        Operator operator =
                Operators.of(Pad.class.getSimpleName(), node.attributes("pads", "value"));
        sketch.node(operator, operands, node.outputs());
    }
}
