package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Plain;
import java.util.Optional;

/** Dropout whose mask is not used: its operand, in inference. */
final class DropDropout implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        boolean does =
                node.operator() == Plain.DROPOUT
                        && node.outputs().stream().skip(1).allMatch(out -> draft.uses(out) == 0);
        return does ? Optional.of(Replacement.by(node, node.inputs().get(0))) : Optional.empty();
    }
}
