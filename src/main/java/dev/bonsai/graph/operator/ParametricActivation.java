package dev.bonsai.graph.operator;

import dev.bonsai.graph.operator.Schema.Attribute;
import dev.bonsai.graph.type.ValueInfo;
import java.util.Arrays;
import java.util.List;

/**
 * Activations with numbers of their own.
 *
 * @param kind what is computed
 * @param alpha ONNX's alpha
 * @param beta ONNX's beta of HardSigmoid, and its gamma of Selu; 0 for the others
 */
public record ParametricActivation(Kind kind, float alpha, float beta) implements Operator {

    /** What is computed. */
    public enum Kind {
        /** x where it is positive, and alpha * x elsewhere. */
        LEAKY_RELU(60, "LeakyRelu", Schema.real("alpha", 0.01f)),
        /** x where it is positive, and alpha * (exp(x) - 1) elsewhere (Clevert, 2015). */
        ELU(61, "Elu", Schema.real("alpha", 1f)),
        /**
         * gamma * x where x is positive, and gamma * alpha * (exp(x) - 1) elsewhere (Klambauer and
         * others, 2017).
         */
        SELU(62, "Selu", Schema.real("alpha", 1.6732632f), Schema.real("gamma", 1.050701f)),
        /** max(0, min(1, alpha * x + beta)). */
        HARD_SIGMOID(63, "HardSigmoid", Schema.real("alpha", 0.2f), Schema.real("beta", 0.5f));

        private final Schema schema;

        Kind(int number, String name, Attribute... attributes) {
            schema =
                    new Schema(
                            number,
                            name,
                            Schema.Arity.of(1),
                            Schema.Arity.of(1),
                            List.of(attributes),
                            given -> new ParametricActivation(this, given));
        }
    }

    private ParametricActivation(Kind kind, Attributes given) {
        this(
                kind,
                given.real("alpha"),
                kind == Kind.SELU ? given.real("gamma") : given.real("beta"));
    }

    public ParametricActivation {
        beta = kind.schema.attributes().size() == 1 ? 0 : beta;
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
        return List.of(alpha, beta);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        operands.floatType(0);
        return operands.result(operands.shape(0));
    }
}
