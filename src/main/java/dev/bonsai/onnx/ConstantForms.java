package dev.bonsai.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.graph.type.GraphException;
import java.util.List;

/** Values that stand in the attributes of a node. */
final class ConstantForms {

    private ConstantForms() {}

    static void constant(OnnxNode node, GraphSketch sketch) throws OnnxFormatException {
        sketch.constant(node.outputs().get(0), value(node));
    }

    static EncodedWeight value(OnnxNode node) throws OnnxFormatException {
        if (node.raw().size() != 1 || node.outputs().size() != 1) {
            throw new GraphException("A Constant has one attribute and one result");
        }
        String name = node.raw().keySet().iterator().next();
        AttributeProto attribute = node.raw().get(name);
        return switch (name) {
            case "value" -> TensorReader.read(attribute.getT());
            case "value_float" -> Constants.scalar(node.real(name, 0f));
            case "value_floats" -> Constants.floats(node.reals(name));
            case "value_int" -> Constants.integer(node.integer(name, 0));
            case "value_ints" -> Constants.integers(node.integers(name));
            default ->
                    throw new GraphException(
                            "A constant is a dense tensor, or of floats or integers, but is a '"
                                    + name
                                    + "'");
        };
    }

    static void ofShape(OnnxNode node, GraphSketch sketch) throws OnnxFormatException {
        EncodedWeight value =
                node.has("value")
                        ? TensorReader.read(node.raw().get("value").getT())
                        : new DenseWeight(new int[] {1}, new float[1]);
        if (value.size() != 1) {
            throw new GraphException("The value is one element, but there are " + value.size());
        }
        float number = value.decode()[0];
        if (value instanceof ExactWeight exact && !same(exact, number)) {
            throw new GraphException(
                    "The value is one that 32-bit floats have, but is not in " + exact.type());
        }
        sketch.node(
                new ConstantOfShape(number, Constants.type(value)), node.inputs(), node.outputs());
    }

    private static boolean same(ExactWeight exact, float number) {
        if (exact.type() == ElementType.FLOAT64) {
            return java.nio.ByteBuffer.wrap(exact.data())
                            .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                            .getDouble()
                    == number;
        }
        return Constants.isFloat(exact.type())
                || Constants.integers(exact).equals(List.of((long) number));
    }
}
