package dev.bonsai.onnx;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.Recurrence;
import java.util.ArrayList;
import java.util.List;

/**
 * LSTM and GRU whose batch stands first: ONNX has that form, but ONNX Runtime does not run it, so
 * that the axes are changed before and behind.
 */
final class WrittenRecurrence {

    /** The places of x and of the initial states among the operands. */
    private static final List<Integer> BATCHED = List.of(0, 5, 6);

    /** Batch and length, or batch and directions, change places. */
    private static final List<Integer> SWAPPED = List.of(1, 0, 2);

    /** All hidden states from (length, directions, batch, hidden) on. */
    private static final List<Integer> ALL_STATES = List.of(2, 0, 1, 3);

    private WrittenRecurrence() {}

    static void write(Recurrence operator, Node node, MessageSketch sketch) {
        if (!operator.batchFirst()) {
            NodeWriter.plain(node, sketch);
            return;
        }
        List<String> inputs = new ArrayList<>(node.inputs());
        for (int i : BATCHED) {
            if (i < inputs.size() && !inputs.get(i).equals(Node.ABSENT)) {
                inputs.set(i, transposed(inputs.get(i), sketch));
            }
        }
        List<String> inner = new ArrayList<>();
        for (String output : node.outputs()) {
            inner.add(output.equals(Node.ABSENT) ? output : sketch.fresh(output + "_inner"));
        }
        sketch.node(operator.onnxName(), operator.attributes().without("layout"), inputs, inner);
        for (int i = 0; i < inner.size(); ++i) {
            if (!inner.get(i).equals(Node.ABSENT)) {
                sketch.node(
                        "Transpose",
                        Attributes.NONE.with("perm", i == 0 ? ALL_STATES : SWAPPED),
                        List.of(inner.get(i)),
                        List.of(node.outputs().get(i)));
            }
        }
    }

    private static String transposed(String name, MessageSketch sketch) {
        String result = sketch.fresh(name + "_swapped");
        sketch.node(
                "Transpose", Attributes.NONE.with("perm", SWAPPED), List.of(name), List.of(result));
        return result;
    }
}
