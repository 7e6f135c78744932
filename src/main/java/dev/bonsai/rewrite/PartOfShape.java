package dev.bonsai.rewrite;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.Graph.Input;
import dev.bonsai.graph.Node;
import dev.bonsai.graph.operator.ShapeOf;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;

/**
 * A list that is computed from shapes and turns out to be dimensions of an input, one behind the
 * other: Shape of that input with start and end.
 */
final class PartOfShape implements Rule {

    @Override
    public Optional<Replacement> apply(Node node, Draft draft) {
        if (node.operator() instanceof ShapeOf || node.outputs().size() != 1) {
            return Optional.empty();
        }
        ValueInfo info = draft.infer(node);
        boolean list =
                info.type() == ElementType.INT64
                        && info.shape().filter(shape -> shape.rank() == 1).isPresent();
        return info.numbers()
                .filter(numbers -> list && !numbers.isEmpty())
                .flatMap(
                        numbers ->
                                draft.inputs().stream()
                                        .flatMap(input -> found(node, input, numbers).stream())
                                        .findFirst());
    }

    private static Optional<Replacement> found(Node node, Input input, List<Dim> numbers) {
        Shape shape = input.shape();
        for (int i = 0; i + numbers.size() <= shape.rank(); ++i) {
            int end = i + numbers.size();
            if (allSame(shape.dims().subList(i, end), numbers)) {
                ShapeOf part =
                        new ShapeOf(i, end == shape.rank() ? Optional.empty() : Optional.of(end));
                return Optional.of(Replacement.by(Node.of(part, node.output(), input.name())));
            }
        }
        return Optional.empty();
    }

    private static boolean allSame(List<Dim> a, List<Dim> b) {
        for (int i = 0; i < a.size(); ++i) {
            if (!a.get(i).same(b.get(i))) {
                return false;
            }
        }
        return true;
    }
}
