package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Reshape;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Reshape to a shape that is computed: one to a constant, where 0 and a single -1 can say the free
 * dimensions.
 */
final class FixReshape implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (!(node.operator() instanceof Reshape reshape)
                || draft.constant(node.inputs().get(1)).isPresent()) {
            return Optional.empty();
        }
        Optional<Shape> from = draft.shape(node.inputs().get(0));
        Optional<List<Dim>> wanted = draft.info(node.inputs().get(1)).numbers();
        if (from.isEmpty() || wanted.isEmpty()) {
            return Optional.empty();
        }
        return Targets.of(from.get(), wanted.get(), !reshape.allowZero())
                .map(target -> Targets.reshape(node.output(), node.inputs().get(0), target, draft));
    }
}
