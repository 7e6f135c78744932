package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * gamma * x where x is positive, and gamma * alpha * (exp(x) - 1) elsewhere (Klambauer and others,
 * 2017).
 *
 * @param alpha what large negative numbers come to, before gamma, with the sign turned
 * @param gamma the factor
 */
public record Selu(float alpha, float gamma) implements Operator {

    private static final float ALPHA = 1.6732632f;
    private static final float GAMMA = 1.050701f;

    static final Schema SCHEMA =
            new Schema(
                    62,
                    "Selu",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.real("alpha", ALPHA), Schema.real("gamma", GAMMA)),
                    attributes -> new Selu(attributes.real("alpha"), attributes.real("gamma")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(alpha, gamma);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return List.of(ValueInfo.of(operands.floatType(0), operands.shape(0)));
    }
}
