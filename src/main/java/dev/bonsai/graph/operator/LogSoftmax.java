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
                    List.of(Schema.integer("axis")),
                    attributes -> new LogSoftmax(attributes.integer("axis", -1)));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public Attributes attributes() {
        return Attributes.NONE.with("axis", axis, -1);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.shape(0).ifPresent(shape -> shape.axis(axis));
        return List.of(ValueInfo.of(operands.floatType(0), operands.shape(0)));
    }
}
