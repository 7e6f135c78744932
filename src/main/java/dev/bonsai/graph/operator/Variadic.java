package dev.bonsai.graph.operator;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Shape;
import dev.bonsai.graph.type.ValueInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators on any number of operands, element by element, which are broadcast to one shape. */
public enum Variadic implements Operator {
    /** The largest. */
    MAX(50, "Max"),
    /** The smallest. */
    MIN(51, "Min"),
    /** The sum. */
    SUM(52, "Sum");

    private final Schema schema;

    Variadic(int number, String name) {
        schema = Schema.plain(number, name, Schema.Arity.atLeast(1), this);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        ElementType type = operands.commonType(IntStream.range(0, operands.count()).toArray());
        operands.needNumbers(0);
        Optional<Shape> shape = operands.shape(0);
        for (int i = 1; i < operands.count(); ++i) {
            shape = Broadcast.of(shape, operands.shape(i));
        }
        return List.of(ValueInfo.of(type, shape));
    }
}
