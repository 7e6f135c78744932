package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Comparisons of two operands, element by element, which are broadcast to one shape. */
public enum Comparison implements Operator {
    /** a = b. */
    EQUAL(40, "Equal"),
    /** a &gt; b. */
    GREATER(41, "Greater"),
    /** a &gt;= b. */
    GREATER_OR_EQUAL(42, "GreaterOrEqual"),
    /** a &lt; b. */
    LESS(43, "Less"),
    /** a &lt;= b. */
    LESS_OR_EQUAL(44, "LessOrEqual"),
    /** Both booleans are true. */
    AND(45, "And"),
    /** One of two booleans is true, or both. */
    OR(46, "Or"),
    /** One of two booleans is true. */
    XOR(47, "Xor");

    private final Schema schema;

    Comparison(int number, String name) {
        schema = Schema.plain(number, name, Schema.Arity.of(2), this);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        switch (this) {
            case AND, OR, XOR -> {
                operands.need(0, ElementType.BOOLEAN);
                operands.need(1, ElementType.BOOLEAN);
            }
            case EQUAL -> operands.commonType(0, 1);
            default -> {
                operands.commonType(0, 1);
                operands.needNumbers(0);
            }
        }
        Optional<Shape> shape = Broadcast.of(operands.shape(0), operands.shape(1));
        Optional<List<Dim>> numbers =
                operands.numbers(0)
                        .filter(a -> shape.isPresent())
                        .flatMap(a -> operands.numbers(1).map(b -> numbers(a, b)));
        return List.of(ValueInfo.of(ElementType.BOOLEAN, shape, numbers));
    }

    private List<Dim> numbers(List<Dim> a, List<Dim> b) {
        int size = a.size() == 1 ? b.size() : a.size();
        List<Dim> numbers = new ArrayList<>();
        for (int i = 0; i < size; ++i) {
            numbers.add(
                    number(ElementRules.at(a, i), ElementRules.at(b, i))
                            .map(holds -> Dim.of(holds ? 1 : 0))
                            .orElse(Dim.UNKNOWN));
        }
        return numbers;
    }

    /** Whether it holds; a free dimension is not negative. */
    private Optional<Boolean> number(Dim a, Dim b) {
        if (a.isFixed() && b.isFixed()) {
            return Optional.of(holds(a.size(), b.size()));
        }
        if (a.same(b)) {
            return Optional.of(holds(0, 0));
        }
        if (isFreeSize(a) && b.isFixed() && b.size() < 0) {
            return Optional.of(holds(0, -1));
        }
        return a.isFixed() && a.size() < 0 && isFreeSize(b)
                ? Optional.of(holds(-1, 0))
                : Optional.empty();
    }

    private static boolean isFreeSize(Dim dim) {
        return dim.isKnown() && !dim.isFixed() && dim.factor() > 0;
    }

    private boolean holds(long a, long b) {
        return switch (this) {
            case EQUAL -> a == b;
            case GREATER -> a > b;
            case GREATER_OR_EQUAL -> a >= b;
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case AND -> a != 0 && b != 0;
            case OR -> a != 0 || b != 0;
            case XOR -> a != b;
        };
    }
}
