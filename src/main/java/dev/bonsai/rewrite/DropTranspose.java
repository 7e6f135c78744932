package dev.bonsai.rewrite;

import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.Transpose;
import dev.bonsai.graph.type.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Transpose that leaves the axes in order: the operand. Transpose of a Transpose: one with both
 * orders.
 */
final class DropTranspose implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        Optional<Integer> rank = draft.shape(node.inputs().get(0)).map(Shape::rank);
        if (!(node.operator() instanceof Transpose transpose) || rank.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> order = transpose.order(rank.get());
        if (order.equals(IntStream.range(0, rank.get()).boxed().toList())) {
            return Optional.of(Replacement.by(node, node.inputs().get(0)));
        }
        return draft.producer(node.inputs().get(0))
                .flatMap(
                        inner ->
                                inner.operator() instanceof Transpose first
                                        ? Optional.of(merged(node, order, inner, first))
                                        : Optional.empty());
    }

    private static Replacement merged(Node node, List<Integer> order, Node inner, Transpose first) {
        List<Integer> before = first.order(order.size());
        Transpose both = new Transpose(order.stream().map(before::get).toList());
        return Replacement.by(Node.of(both, node.output(), inner.inputs().get(0)));
    }
}
