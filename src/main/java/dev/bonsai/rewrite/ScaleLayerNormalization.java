package dev.bonsai.rewrite;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Binary;
import dev.bonsai.graph.operator.LayerNormalization;
import dev.bonsai.graph.type.Shape;
import java.util.Optional;

/**
 * LayerNormalization with a scale of ones, times a scale; LayerNormalization without a shift, plus
 * one; of the shape of the axes that are normalised: LayerNormalization with scale and shift.
 */
final class ScaleLayerNormalization implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (node.operator() != Binary.MUL && node.operator() != Binary.ADD) {
            return Optional.empty();
        }
        String a = node.inputs().get(0);
        String b = node.inputs().get(1);
        return merged(node, a, b, draft).or(() -> merged(node, b, a, draft));
    }

    private static Optional<Replacement> merged(
            Node node, String normalised, String operand, Draft draft) {
        Optional<Node> inner =
                draft.producer(normalised)
                        .filter(
                                n ->
                                        n.operator() instanceof LayerNormalization
                                                && n.outputs().size() == 1
                                                && n.inputs().size() == 2
                                                && draft.uses(normalised) == 1);
        if (inner.isEmpty() || !hasShapeOfScale(operand, inner.get(), draft)) {
            return Optional.empty();
        }
        String x = inner.get().inputs().get(0);
        String scale = inner.get().inputs().get(1);
        if (node.operator() == Binary.ADD) {
            return Optional.of(by(node, inner.get(), x, scale, operand));
        }
        return draft.constant(scale).filter(ScaleLayerNormalization::isOne).isPresent()
                ? Optional.of(by(node, inner.get(), x, operand))
                : Optional.empty();
    }

    private static Replacement by(Node node, Node inner, String... operands) {
        return Replacement.by(Node.of(inner.operator(), node.output(), operands));
    }

    private static boolean hasShapeOfScale(String operand, Node inner, Draft draft) {
        Optional<Shape> shape = draft.shape(inner.inputs().get(1));
        return shape.isPresent() && shape.equals(draft.shape(operand));
    }

    private static boolean isOne(EncodedWeight value) {
        float[] values = value.decode();
        for (float one : values) {
            if (one != 1f) {
                return false;
            }
        }
        return true;
    }
}
