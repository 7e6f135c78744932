package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.Arrays;
import java.util.List;

/**
 * exp(x) divided by its sum along an axis, or the logarithm of that.
 *
 * @param kind what is computed
 * @param axis the axis, counted from the end if it is negative
 */
public record Softmax(Kind kind, int axis) implements Operator {

    /** What is computed. */
    public enum Kind {
        /** The softmax. */
        SOFTMAX(67, "Softmax"),
        /** Its logarithm. */
        LOG_SOFTMAX(68, "LogSoftmax");

        private final Schema schema;

        Kind(int number, String name) {
            schema =
                    new Schema(
                            number,
                            name,
                            Schema.Arity.of(1),
                            Schema.Arity.of(1),
                            List.of(Schema.integer("axis", -1)),
                            given -> new Softmax(this, given.integer("axis")));
        }
    }

    static List<Schema> schemas() {
        return Arrays.stream(Kind.values()).map(kind -> kind.schema).toList();
    }

    @Override
    public Schema schema() {
        return kind.schema;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(axis);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.shape(0).ifPresent(shape -> shape.axis(axis));
        operands.floatType(0);
        return operands.result(operands.shape(0));
    }
}
