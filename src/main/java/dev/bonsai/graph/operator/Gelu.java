package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.GraphException;
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
        NONE("none"),
        /** x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2. */
        TANH("tanh");

        private final String text;

        Approximation(String text) {
            this.text = text;
        }
    }

    static final Schema SCHEMA =
            new Schema(
                    64,
                    "Gelu",
                    Schema.Arity.of(1),
                    Schema.Arity.of(1),
                    List.of(Schema.text("approximate")),
                    Gelu::of);

    private static Gelu of(Attributes attributes) {
        String text = attributes.text("approximate", Approximation.NONE.text);
        for (Approximation approximation : Approximation.values()) {
            if (approximation.text.equals(text)) {
                return new Gelu(approximation);
            }
        }
        throw new GraphException("approximate is none or tanh, but got '" + text + "'");
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public Attributes attributes() {
        return Attributes.NONE.with("approximate", approximation.text, Approximation.NONE.text);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return List.of(ValueInfo.of(operands.floatType(0), operands.shape(0)));
    }
}
