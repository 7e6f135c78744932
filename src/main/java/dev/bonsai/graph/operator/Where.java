package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The second operand where the first is true, and the third elsewhere; all are broadcast. */
public record Where() implements Operator {

    static final Schema SCHEMA = Schema.plain(110, "Where", Schema.Arity.of(3), new Where());

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        Elements.need(operands, 0, ElementType.BOOLEAN);
        ElementType type = operands.commonType(1, 2);
        Optional<Shape> shape =
                Broadcast.of(operands.shape(0), Broadcast.of(operands.shape(1), operands.shape(2)));
        Optional<List<Dim>> chosen =
                shape.filter(s -> s.rank() <= 1).flatMap(s -> chosen(operands));
        return List.of(
                chosen.map(numbers -> ValueInfo.numbers(type, shape.orElseThrow(), numbers))
                        .orElse(ValueInfo.of(type, shape)));
    }

    private static Optional<List<Dim>> chosen(Operands operands) {
        Optional<List<Dim>> conditions = operands.numbers(0);
        Optional<List<Dim>> a = operands.numbers(1);
        Optional<List<Dim>> b = operands.numbers(2);
        if (conditions.isEmpty() || a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        List<List<Dim>> lists = List.of(conditions.get(), a.get(), b.get());
        int size =
                lists.stream()
                        .mapToInt(List::size)
                        .filter(count -> count != 1)
                        .findFirst()
                        .orElse(1);
        List<Dim> chosen = new ArrayList<>();
        for (int i = 0; i < size; ++i) {
            Dim condition = at(lists.get(0), i);
            Dim left = at(lists.get(1), i);
            Dim right = at(lists.get(2), i);
            chosen.add(
                    condition.isFixed()
                            ? condition.size() != 0 ? left : right
                            : left.same(right) ? left : Dim.UNKNOWN);
        }
        return Optional.of(chosen);
    }

    private static Dim at(List<Dim> numbers, int i) {
        return numbers.get(numbers.size() == 1 ? 0 : i);
    }
}
