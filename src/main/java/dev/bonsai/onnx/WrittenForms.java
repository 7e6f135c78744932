package dev.bonsai.onnx;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.WindowPool;
import dev.bonsai.graph.type.Constants;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators that operator set 17 does not have, or says with other attributes. */
final class WrittenForms {

    private static final float CUBIC = 0.044715f;

    private WrittenForms() {}

    /** Operator set 20 has it; the older ones say the formula. */
    static void gelu(Gelu gelu, Node node, MessageSketch sketch) throws OnnxExportException {
        String x = node.inputs().get(0);
        if (sketch.value(x).type() != ElementType.FLOAT32) {
            throw NodeWriter.unsaid(node, "its operand is not of 32-bit floats");
        }
        String base = node.output();
        String inner =
                gelu.approximation() == Gelu.Approximation.NONE
                        ? erf(x, base, sketch)
                        : tanh(x, base, sketch);
        String one = sketch.newConstant(base + "_one", Constants.scalar(1f));
        String half = sketch.newConstant(base + "_half", Constants.scalar(0.5f));
        String part = sketch.newNode("Add", base + "_part", inner, one);
        String product = sketch.newNode("Mul", base + "_product", x, part);
        sketch.node("Mul", Attributes.NONE, List.of(product, half), node.outputs());
    }

    private static String erf(String x, String base, MessageSketch sketch) {
        String root = sketch.newConstant(base + "_root", Constants.scalar((float) Math.sqrt(2)));
        return sketch.newNode("Erf", base + "_erf", sketch.newNode("Div", base + "_x", x, root));
    }

    private static String tanh(String x, String base, MessageSketch sketch) {
        String three = sketch.newConstant(base + "_three", Constants.scalar(3f));
        String cubic = sketch.newConstant(base + "_cubic", Constants.scalar(CUBIC));
        String root =
                sketch.newConstant(
                        base + "_root", Constants.scalar((float) Math.sqrt(2 / Math.PI)));
        String cube = sketch.newNode("Pow", base + "_cube", x, three);
        String bent = sketch.newNode("Mul", base + "_bent", cube, cubic);
        String sum = sketch.newNode("Add", base + "_sum", x, bent);
        return sketch.newNode(
                "Tanh", base + "_tanh", sketch.newNode("Mul", base + "_x", sum, root));
    }

    /** A file is for prediction, in which this does nothing. */
    static void dropout(Plain dropout, Node node, MessageSketch sketch) throws OnnxExportException {
        if (node.outputs().size() > 1 && sketch.isUsed(node.outputs().get(1))) {
            throw NodeWriter.unsaid(node, "what a dropout drops is known in training only");
        }
        if (sketch.isOutput(node.output())) {
            sketch.node("Identity", Attributes.NONE, node.inputs().subList(0, 1), node.outputs());
        } else {
            sketch.alias(node.output(), node.inputs().get(0));
        }
    }

    static void ofShape(ConstantOfShape operator, Node node, MessageSketch sketch)
            throws OnnxExportException {
        sketch.node(
                operator.onnxName(),
                Attributes.NONE,
                node.inputs(),
                node.outputs(),
                Map.of("value", element(operator, node)));
    }

    private static EncodedWeight element(ConstantOfShape operator, Node node)
            throws OnnxExportException {
        ElementType type = operator.type();
        if (type == ElementType.FLOAT32) {
            return new DenseWeight(new int[] {1}, new float[] {operator.value()});
        }
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FLOAT64 -> bytes.putDouble(operator.value());
            case FLOAT16, BFLOAT16 -> throw NodeWriter.unsaid(node, "its type is " + type);
            default -> bytes.putLong((long) operator.value());
        }
        return new ExactWeight(new int[] {1}, type, Arrays.copyOf(bytes.array(), type.bytes()));
    }

    static void pool(WindowPool pool, Node node, MessageSketch sketch) throws OnnxExportException {
        if (pool.kind() == WindowPool.Kind.AVERAGE && !pool.window().dilations().isEmpty()) {
            throw NodeWriter.unsaid(node, "its windows have gaps");
        }
        NodeWriter.plain(node, sketch);
    }
}
