package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * x where it is positive, and a part of it elsewhere.
 *
 * @param alpha the slope below 0
 */
public record LeakyRelu(float alpha) implements Operator {

    private static final float ALPHA = 0.01f;

    static final Schema SCHEMA =
            new Schema(
                    60,
                    "LeakyRelu",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.real("alpha", ALPHA)),
                    attributes -> new LeakyRelu(attributes.real("alpha")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(alpha);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return List.of(ValueInfo.of(operands.floatType(0), operands.shape(0)));
    }
}
