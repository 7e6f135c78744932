package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Dim;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Arithmetic on two operands, element by element, which are broadcast to one shape. */
public enum Binary implements Operator {
    /** a + b. */
    ADD(30, "Add"),
    /** a - b. */
    SUB(31, "Sub"),
    /** a * b. */
    MUL(32, "Mul"),
    /** a / b; of integers, rounded towards 0. */
    DIV(33, "Div"),
    /** a to the power of b, in the type of a. */
    POW(34, "Pow");

    private final Schema schema;

    Binary(int number, String name) {
        schema = Schema.plain(number, name, Schema.Arity.of(2), this);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.needNumbers(0);
        operands.needNumbers(1);
        ElementType type = this == POW ? operands.type(0) : operands.commonType(0, 1);
        Optional<Shape> shape = Broadcast.of(operands.shape(0), operands.shape(1));
        Optional<List<Dim>> numbers =
                operands.numbers(0)
                        .filter(a -> isIndex(type) && shape.isPresent())
                        .flatMap(a -> operands.numbers(1).map(b -> numbers(type, a, b)));
        return List.of(ValueInfo.of(type, shape, numbers));
    }

    private List<Dim> numbers(ElementType type, List<Dim> a, List<Dim> b) {
        int size = a.size() == 1 ? b.size() : a.size();
        List<Dim> numbers = new ArrayList<>();
        for (int i = 0; i < size; ++i) {
            Dim left = ElementRules.at(a, i);
            Dim right = ElementRules.at(b, i);
            numbers.add(ofType(type, number(left, right)));
        }
        return numbers;
    }

    private static boolean isIndex(ElementType type) {
        return type == ElementType.INT64 || type == ElementType.INT32;
    }

    private static Dim ofType(ElementType type, Dim number) {
        boolean wraps =
                type == ElementType.INT32
                        && number.isFixed()
                        && number.size() != (int) number.size();
        return wraps ? Dim.UNKNOWN : number;
    }

    private Dim number(Dim a, Dim b) {
        try {
            return switch (this) {
                case ADD -> a.plus(b);
                case SUB -> a.minus(b);
                case MUL -> a.times(b);
                case DIV -> quotient(a, b);
                case POW -> Dim.UNKNOWN;
            };
        } catch (ArithmeticException e) {
            return Dim.UNKNOWN; // of more than 64 bits
        }
    }

    private static Dim quotient(Dim a, Dim b) {
        return a.isFixed() && b.isFixed() && b.size() != 0
                ? Dim.of(a.size() / b.size())
                : a.dividedBy(b).orElse(Dim.UNKNOWN);
    }
}
