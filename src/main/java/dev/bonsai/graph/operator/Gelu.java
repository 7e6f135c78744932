package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * The Gaussian error linear unit (Hendrycks and Gimpel, 2016): x * (1 + erf(x / sqrt(2))) / 2.
 *
 * <p>ONNX has it from operator set 20 on; what is exported for an older set says it by others.
 *
 * @param approximation whether the error function is approximated
 */
public record Gelu(Approximation approximation) implements Operator {

    /** How the error function is computed. */
    public enum Approximation {
        /** As it is. */
        NONE,
        /** x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2. */
        TANH
    }

    static final Schema SCHEMA =
            new Schema(
                    64,
                    "Gelu",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.choice("approximate", Approximation.NONE)),
                    attributes -> new Gelu(attributes.choice("approximate", Approximation.class)));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public List<?> attributeValues() {
        return List.of(approximation);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.floatType(0);
        return operands.result(operands.shape(0));
    }
}
