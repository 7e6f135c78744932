package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;

/** Integers that follow from constants and fixed dimensions, whatever the inputs: a constant. */
final class FoldNumbers implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (node.outputs().size() != 1) {
            return Optional.empty();
        }
        ValueInfo info = draft.infer(node);
        Optional<List<Dim>> numbers =
                info.numbers().filter(list -> list.stream().allMatch(Dim::isFixed));
        return numbers.map(
                list ->
                        Replacement.by(
                                node,
                                Integers.of(
                                        info.type(),
                                        info.shape().orElseThrow().sizes(),
                                        list.stream().mapToLong(Dim::size).toArray())));
    }
}
