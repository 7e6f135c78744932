package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The shape rules of operators of {@link Plain} that act element by element. */
final class ElementRules {

    private ElementRules() {}

    static List<ValueInfo> pRelu(Operands operands) {
        operands.floatType(0);
        operands.commonType(0, 1);
        operands.checkOnto(0, 1);
        return operands.result(operands.shape(0));
    }

    static List<ValueInfo> clip(Operands operands) {
        operands.needNumbers(0);
        operands.commonType(0, 1, 2);
        operands.scalar(1);
        operands.scalar(2);
        return operands.result(operands.shape(0));
    }

    static List<ValueInfo> dropout(Operands operands) {
        return List.of(
                ValueInfo.of(operands.floatType(0), operands.shape(0)),
                ValueInfo.of(ElementType.BOOLEAN, operands.shape(0)));
    }

    static List<ValueInfo> where(Operands operands) {
        operands.need(0, ElementType.BOOLEAN);
        ElementType type = operands.commonType(1, 2);
        Optional<Shape> shape =
                Broadcast.of(operands.shape(0), Broadcast.of(operands.shape(1), operands.shape(2)));
        return List.of(ValueInfo.of(type, shape, chosen(operands)));
    }

    private static Optional<List<Dim>> chosen(Operands operands) {
        List<List<Dim>> lists = new ArrayList<>();
        int size = 1;
        for (int i = 0; i < 3; ++i) {
            List<Dim> list = operands.numbers(i).orElse(null);
            if (list == null) {
                return Optional.empty();
            }
            size = size == 1 ? list.size() : size;
            lists.add(list);
        }
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

    /** A number of a list; a list of one number stands for as many as there are. */
    static Dim at(List<Dim> numbers, int i) {
        return numbers.get(numbers.size() == 1 ? 0 : i);
    }
}
