package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Cast;
import dev.bonsai.graph.operator.Concat;
import dev.bonsai.graph.operator.Unary;
import dev.bonsai.graph.operator.Variadic;
import java.util.Optional;

/** Identity, a Cast to the same type, and Concat, Max, Min or Sum of one operand: the operand. */
final class DropIdentity implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        boolean joined = node.operator() instanceof Concat || node.operator() instanceof Variadic;
        boolean sameType =
                node.operator() instanceof Cast cast
                        && cast.to() == draft.info(node.inputs().get(0)).type();
        boolean does =
                node.operator() == Unary.IDENTITY
                        || sameType
                        || (joined && node.inputs().size() == 1);
        return does ? Optional.of(Replacement.by(node, node.inputs().get(0))) : Optional.empty();
    }
}
