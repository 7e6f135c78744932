package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Flatten;
import dev.bonsai.graph.operator.Operator;
import dev.bonsai.graph.operator.Plain;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Shape;
import java.util.Optional;

/**
 * Reshape, Flatten, Squeeze or Unsqueeze behind another that nothing else uses: one Reshape, where
 * a constant can say the shape.
 */
final class MergeReshapes implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (!reshapes(node.operator())) {
            return Optional.empty();
        }
        String between = node.inputs().get(0);
        return draft.producer(between)
                .filter(inner -> reshapes(inner.operator()) && draft.uses(between) == 1)
                .flatMap(inner -> merged(node, inner.inputs().get(0), draft));
    }

    private static Optional<Replacement> merged(Node node, String operand, Draft draft) {
        Optional<Shape> from = draft.shape(operand);
        Optional<Shape> to = draft.infer(node).shape();
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        return Targets.of(from.get(), to.get().dims(), false)
                .map(target -> Targets.reshape(node.output(), operand, target, draft));
    }

    private static boolean reshapes(Operator operator) {
        return operator instanceof Reshape
                || operator instanceof Flatten
                || operator == Plain.SQUEEZE
                || operator == Plain.UNSQUEEZE;
    }
}
