package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * Gated recurrent unit (Cho and others, 2014), with the gates update, reset, hidden in this order.
 * Operands: those of {@link Recurrence}. Results: all hidden states, the last hidden state.
 *
 * @param recurrence sizes and direction
 * @param linearBeforeReset whether the reset gate acts behind the product with r, as in cuDNN and
 *     PyTorch
 */
public record Gru(Recurrence recurrence, boolean linearBeforeReset) implements Operator {

    /** The number of gates. */
    public static final int GATES = 3;

    static final Schema SCHEMA =
            new Schema(
                    131,
                    "GRU",
                    new Schema.Arity(3, 6),
                    new Schema.Arity(1, 2),
                    Lists.join(Recurrence.ATTRIBUTES, Schema.integer("linear_before_reset")),
                    attributes ->
                            new Gru(
                                    Recurrence.of(attributes, List.of("Sigmoid", "Tanh")),
                                    attributes.flag("linear_before_reset", false)));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public Attributes attributes() {
        return recurrence.attributes().with("linear_before_reset", linearBeforeReset, false);
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return recurrence.infer(operands, GATES).subList(0, 2);
    }
}
