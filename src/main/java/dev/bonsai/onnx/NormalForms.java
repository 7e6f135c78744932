package dev.bonsai.onnx;

import dev.bonsai.graph.operator.Attributes;
import dev.bonsai.graph.operator.BatchNormalization;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Operators;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.type.GraphException;
import java.util.List;
import java.util.Optional;

/** Older forms of what normalises values. */
final class NormalForms {

    /** From this operator set on, a softmax is over one axis. */
    private static final long ONE_AXIS = 13;

    private NormalForms() {}

    /** Before operator set 13 a softmax is over all axes from one on, which is 1 by default. */
    static void softmax(OnnxNode node, GraphSketch sketch) {
        if (node.version() >= ONE_AXIS) {
            Translations.plain(node, sketch);
            return;
        }
        node.attributes("axis").names().forEach(name -> unknown(node, name));
        Operator last = Operators.of(node.operator(), Attributes.NONE);
        int rank = sketch.rank(node.input(0));
        long axis = node.integer("axis", 1);
        long front = axis < 0 ? axis + rank : axis;
        if (front < 0 || front > rank) {
            throw new GraphException("A value of rank " + rank + " has no axis " + axis);
        }
        if (front == rank - 1L) {
            sketch.node(last, List.of(node.input(0)), node.outputs());
            return;
        }
        String base = node.outputs().get(0);
        String shape =
                sketch.newNode(new ShapeOf(0, Optional.empty()), base + "_shape", node.input(0));
        String flat = sketch.newNode(new Flatten((int) front), base + "_flat", node.input(0));
        String normal = sketch.newNode(last, base + "_rows", flat);
        sketch.node(new Reshape(false), List.of(normal, shape), node.outputs());
    }

    private static void unknown(OnnxNode node, String name) {
        throw new GraphException(node.operator() + " has no attribute '" + name + "'");
    }

    static void batch(OnnxNode node, GraphSketch sketch) {
        node.need("training_mode", 0L);
        node.need("spatial", 1L);
        Operator operator =
                Operators.of(
                        BatchNormalization.class.getSimpleName(),
                        node.attributes("training_mode", "spatial", "is_test", "consumed_inputs"));
        // what else old operator sets name are the statistics of training
        sketch.node(operator, node.inputs(), node.outputs().subList(0, 1));
    }

    static void layer(OnnxNode node, GraphSketch sketch) {
        node.need("stash_type", 1L);
        Translations.plain(node, sketch, "stash_type");
    }
}
