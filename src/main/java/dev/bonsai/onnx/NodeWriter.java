package dev.bonsai.onnx;

import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.ConstantOfShape;
import dev.bonsai.graph.operator.Gelu;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.operator.Reduce;
import dev.bonsai.graph.operator.Resize;
import dev.bonsai.graph.operator.Split;
import dev.bonsai.graph.operator.WindowPool;
import java.util.Map;

/**
 * Says operators of a graph in operator set 17: most by their own names, the others, which are
 * newer or have other forms there, by an entry of this table.
 */
final class NodeWriter {

    /** Writes a node of one operator. */
    @FunctionalInterface
    interface Form<T extends Operator> {
        void write(T operator, Node node, MessageSketch sketch) throws OnnxExportException;
    }

    private static final Map<Object, Form<Operator>> TABLE =
            Map.of(
                    Gelu.class, form(Gelu.class, WrittenForms::gelu),
                    Plain.DROPOUT, form(Plain.class, WrittenForms::dropout),
                    ConstantOfShape.class, form(ConstantOfShape.class, WrittenForms::ofShape),
                    Reduce.class, form(Reduce.class, WrittenAxes::reduce),
                    Resize.class, form(Resize.class, WrittenAxes::resize),
                    Pad.class, form(Pad.class, WrittenAxes::pad),
                    Split.class, form(Split.class, WrittenAxes::split),
                    WindowPool.class, form(WindowPool.class, WrittenForms::pool),
                    Recurrence.class, form(Recurrence.class, WrittenRecurrence::write));

    private NodeWriter() {}

    private static <T extends Operator> Form<Operator> form(Class<T> type, Form<T> form) {
        return (operator, node, sketch) -> form.write(type.cast(operator), node, sketch);
    }

    static void write(Node node, MessageSketch sketch) throws OnnxExportException {
        Form<Operator> form =
                TABLE.get(
                        node.operator() instanceof Plain plain
                                ? plain
                                : node.operator().getClass());
        if (form == null) {
            plain(node, sketch);
        } else {
            form.write(node.operator(), node, sketch);
        }
    }

    /** Turns a sum of a weight and a value: only then does ONNX Runtime fuse it with a product. */
    static Node withBiasLast(Node node, GraphModel model) {
        return node.operator() == Binary.ADD
                        && model.weights().containsKey(node.inputs().get(0))
                        && !model.weights().containsKey(node.inputs().get(1))
                ? Node.of(
                        node.operator(), node.output(), node.inputs().get(1), node.inputs().get(0))
                : node;
    }

    /** The operator under its own name. */
    static void plain(Node node, MessageSketch sketch) {
        sketch.node(
                node.operator().onnxName(),
                node.operator().attributes(),
                node.inputs(),
                node.outputs());
    }

    static OnnxExportException unsaid(Node node, String reason) {
        return new OnnxExportException(
                node
                        + " can't be said in operator set 17: "
                        + reason
                        + ". Change the model, or keep it as a .bonsai file");
    }
}
