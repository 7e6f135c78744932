package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Plain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node that does what an earlier one does, with the same operands: the results of the earlier
 * one. Each Dropout draws for itself.
 */
final class MergeEqualNodes implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (node.operator() == Plain.DROPOUT) {
            return Optional.empty();
        }
        return draft.equal(node).flatMap(first -> merged(node, first));
    }

    private static Optional<Replacement> merged(Node node, Node first) {
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < node.outputs().size(); ++i) {
            String own = node.outputs().get(i);
            String other = i < first.outputs().size() ? first.outputs().get(i) : Node.ABSENT;
            if (!own.equals(Node.ABSENT) && other.equals(Node.ABSENT)) {
                return Optional.empty();
            }
            if (!own.equals(Node.ABSENT)) {
                names.put(own, other);
            }
        }
        return Optional.of(new Replacement(List.of(), names, Map.of(), Map.of()));
    }
}
