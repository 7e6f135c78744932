package dev.bonsai.onnx;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.graph.type.Shape;
import java.util.List;

/** Older forms of Resize, which was called Upsample first. */
final class ResizeForms {

    /** From this operator set on, Resize has a region and sizes, and a choice of coordinates. */
    private static final long COORDINATES = 11;

    /** From this operator set on, the scales of Upsample are an operand. */
    private static final long SCALE_OPERAND = 9;

    private ResizeForms() {}

    static void resize(OnnxNode node, GraphSketch sketch) {
        if (node.version() < COORDINATES) {
            old(node, node.input(1), sketch);
            return;
        }
        node.need("antialias", 0L);
        // a region is read by tf_crop_and_resize only, which is refused
        sketch.node(
                Operators.of(Resize.class.getSimpleName(), node.attributes("antialias")),
                List.of(
                        node.input(0),
                        Node.ABSENT,
                        filled(node.input(2), sketch),
                        filled(node.input(3), sketch)),
                node.outputs());
    }

    /** An empty list means that the operand is left out. */
    private static String filled(String operand, GraphSketch sketch) {
        boolean empty =
                sketch.shape(operand)
                        .map(Shape::elements)
                        .filter(Dim::isFixed)
                        .map(count -> count.is(0))
                        .orElse(false);
        return empty ? Node.ABSENT : operand;
    }

    static void upsample(OnnxNode node, GraphSketch sketch) {
        if (node.version() >= SCALE_OPERAND) {
            old(node, node.input(1), sketch);
            return;
        }
        String scales =
                sketch.newConstant(
                        node.outputs().get(0) + "_scales", Constants.floats(node.reals("scales")));
        old(node, scales, sketch);
    }

    private static void old(OnnxNode node, String scales, GraphSketch sketch) {
        Object mode = node.value("mode").orElse("nearest");
        if (mode.equals("bilinear")) {
            mode = "linear";
        }
        if (!mode.equals("nearest") && !mode.equals("linear")) {
            throw new GraphException("mode is nearest or linear, but got '" + mode + "'");
        }
        Attributes attributes =
                Attributes.NONE
                        .with("mode", mode)
                        .with("coordinate_transformation_mode", "asymmetric")
                        .with("nearest_mode", "floor");
        sketch.node(
                Operators.of(Resize.class.getSimpleName(), attributes),
                List.of(node.input(0), Node.ABSENT, scales),
                node.outputs());
    }
}
