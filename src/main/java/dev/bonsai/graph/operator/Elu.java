package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * x where it is positive, and alpha * (exp(x) - 1) elsewhere (Clevert and others, 2015).
 *
 * @param alpha what large negative numbers come to, with the sign turned
 */
public record Elu(float alpha) implements Operator {

    static final Schema SCHEMA =
            new Schema(
                    61,
                    "Elu",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.real("alpha", 1f)),
                    attributes -> new Elu(attributes.real("alpha")));

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
