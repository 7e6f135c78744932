package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * The logarithm of the softmax along an axis.
 *
 * @param axis the axis, counted from the end if it is negative
 */
public record LogSoftmax(int axis) implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    68,
                    "LogSoftmax",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.integer("axis", -1)),
                    attributes -> new LogSoftmax(attributes.integer("axis")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(axis);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.shape(0).ifPresent(shape -> shape.axis(axis));
        return List.of(ValueInfo.of(operands.floatType(0), operands.shape(0)));
    }
}
