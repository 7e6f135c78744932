package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * max(0, min(1, alpha * x + beta)).
 *
 * @param alpha the slope
 * @param beta the value at 0
 */
public record HardSigmoid(float alpha, float beta) implements Operator {

    private static final float ALPHA = 0.2f;
    private static final float BETA = 0.5f;

    static final Schema SCHEMA =
            new Schema(
                    63,
                    "HardSigmoid",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.real("alpha", ALPHA), Schema.real("beta", BETA)),
                    attributes ->
                            new HardSigmoid(attributes.real("alpha"), attributes.real("beta")));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(alpha, beta);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return List.of(ValueInfo.of(operands.floatType(0), operands.shape(0)));
    }
}
