package dev.bonsai.block;

import static dev.bonsai.block.OperatorCase.absent;
import static dev.bonsai.block.OperatorCase.fixed;
import static dev.bonsai.block.OperatorCase.real;

import dev.bonsai.block.OperatorCase.Operand;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.operator.Recurrence;
import dev.bonsai.graph.operator.Recurrence.Kind;
import java.util.ArrayList;
import java.util.List;

/** Recurrent networks, with all that may be left out. */
final class RecurrentCases {

    private static final int LENGTH = 3;
    private static final int BATCH = 2;
    private static final int FEATURES = 4;
    private static final int HIDDEN = 2;

    private RecurrentCases() {}

    static List<OperatorCase> all() {
        List<OperatorCase> cases = new ArrayList<>();
        boolean[] both = {false, true};
        for (Recurrence.Direction direction : Recurrence.Direction.values()) {
            for (boolean batchFirst : both) {
                for (boolean bias : both) {
                    for (boolean lengths : both) {
                        for (boolean states : both) {
                            for (boolean flag : both) {
                                Recurrence lstm =
                                        new Recurrence(
                                                Kind.LSTM, HIDDEN, direction, batchFirst, false);
                                cases.add(lstm(lstm, bias, lengths, states, flag));
                                Recurrence gru =
                                        new Recurrence(
                                                Kind.GRU, HIDDEN, direction, batchFirst, flag);
                                List<Operand> operands = operands(gru, bias, lengths, states);
                                cases.add(new OperatorCase(gru, operands, 2));
                            }
                        }
                    }
                }
            }
        }
        return cases;
    }

    private static OperatorCase lstm(
            Recurrence layer, boolean bias, boolean lengths, boolean states, boolean peepholes) {
        List<Operand> operands = operands(layer, bias, lengths, states);
        operands.add(states ? state(layer) : absent());
        operands.add(peepholes ? real(layer.direction().count(), 3 * HIDDEN) : absent());
        return new OperatorCase(layer, operands, 3);
    }

    private static List<Operand> operands(
            Recurrence layer, boolean bias, boolean lengths, boolean states) {
        int gates = layer.kind().gates();
        int directions = layer.direction().count();
        List<Operand> operands = new ArrayList<>();
        operands.add(
                layer.batchFirst() ? real(BATCH, LENGTH, FEATURES) : real(LENGTH, BATCH, FEATURES));
        operands.add(real(directions, gates * HIDDEN, FEATURES));
        operands.add(real(directions, gates * HIDDEN, HIDDEN));
        operands.add(bias ? real(directions, 2 * gates * HIDDEN) : absent());
        byte[] bytes = {3, 0, 0, 0, 2, 0, 0, 0};
        operands.add(
                lengths
                        ? fixed(new ExactWeight(new int[] {BATCH}, ElementType.INT32, bytes))
                        : absent());
        operands.add(states ? state(layer) : absent());
        return operands;
    }

    private static Operand state(Recurrence layer) {
        int directions = layer.direction().count();
        return layer.batchFirst()
                ? real(BATCH, directions, HIDDEN)
                : real(directions, BATCH, HIDDEN);
    }
}
