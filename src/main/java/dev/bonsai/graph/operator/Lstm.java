package dev.bonsai.graph.operator;

import dev.bonsai.graph.type.ValueInfo;
import java.util.List;

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997), with the gates input, output, forget,
 * cell in this order. After the operands of {@link Recurrence}: the initial cell state, and perhaps
 * the peephole weights of shape (directions, 3 * hidden). Results: all hidden states, the last
 * hidden state, the last cell state.
 *
 * @param recurrence sizes and direction
 */
public record Lstm(Recurrence recurrence) implements Operator {

    /** The number of gates. */
    public static final int GATES = 4;

    static final Schema SCHEMA =
            new Schema(
                    130,
                    "LSTM",
                    new Schema.Arity(3, 8),
                    new Schema.Arity(1, 3),
                    Recurrence.ATTRIBUTES,
                    attributes ->
                            new Lstm(
                                    Recurrence.of(attributes, List.of("Sigmoid", "Tanh", "Tanh"))));

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public Attributes attributes() {
        return recurrence.attributes();
    }

    @Override
    public List<ValueInfo> infer(Operands operands) {
        return recurrence.infer(operands, GATES);
    }
}
