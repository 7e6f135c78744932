package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Pad;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reshape, Flatten, Squeeze, Unsqueeze, Expand, Tile, Slice and Pad whose result certainly has the
 * shape of their operand: the operand. Slices go forward only, and pads are 0, so that no element
 * moves.
 */
final class DropUnchanged implements Rule {

    private static final Set<Operator> OF_SHAPE_ALONE =
            Set.of(Plain.SQUEEZE, Plain.UNSQUEEZE, Plain.EXPAND, Plain.TILE);

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        boolean candidate =
                OF_SHAPE_ALONE.contains(node.operator())
                        || node.operator() instanceof Reshape
                        || node.operator() instanceof Flatten
                        || (node.operator() == Plain.SLICE && goesForward(node, draft))
                        || (node.operator() instanceof Pad && isZero(node, draft));
        if (!candidate || !same(draft.shape(node.inputs().get(0)), draft.infer(node).shape())) {
            return Optional.empty();
        }
        return Optional.of(Replacement.by(node, node.inputs().get(0)));
    }

    private static boolean same(Optional<Shape> a, Optional<Shape> b) {
        return a.isPresent() && a.equals(b) && a.get().dims().stream().allMatch(Dim::isKnown);
    }

    private static boolean goesForward(Node node, Draft draft) {
        return node.inputs().size() < 5
                || numbers(node, 4, draft)
                        .filter(steps -> steps.stream().allMatch(step -> step.is(1)))
                        .isPresent();
    }

    private static boolean isZero(Node node, Draft draft) {
        return numbers(node, 1, draft)
                .filter(pads -> pads.stream().allMatch(pad -> pad.is(0)))
                .isPresent();
    }

    private static Optional<List<Dim>> numbers(Node node, int operand, Draft draft) {
        return Optional.of(draft.info(node.inputs().get(operand))).flatMap(ValueInfo::numbers);
    }
}
