package dev.bonsai.block;

import static dev.bonsai.block.OperatorCase.absent;
import static dev.bonsai.block.OperatorCase.fixed;
import static dev.bonsai.block.OperatorCase.real;

import dev.bonsai.block.OperatorCase.Operand;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.graph.operator.Gru;
import dev.bonsai.graph.operator.Lstm;
import dev.bonsai.graph.operator.Recurrence;
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
                            Recurrence layer = new Recurrence(HIDDEN, direction, batchFirst);
                            for (boolean flag : both) {
                                cases.add(lstm(layer, bias, lengths, states, flag));
                                cases.add(gru(layer, bias, lengths, states, flag));
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
        List<Operand> operands = operands(layer, Lstm.GATES, bias, lengths, states);
        operands.add(states ? state(layer) : absent());
        operands.add(peepholes ? real(layer.direction().count(), 3 * HIDDEN) : absent());
        return new OperatorCase(new Lstm(layer), operands, 3);
    }

    private static OperatorCase gru(
            Recurrence layer, boolean bias, boolean lengths, boolean states, boolean linear) {
        List<Operand> operands = operands(layer, Gru.GATES, bias, lengths, states);
        return new OperatorCase(new Gru(layer, linear), operands, 2);
    }

    private static List<Operand> operands(
            Recurrence layer, int gates, boolean bias, boolean lengths, boolean states) {
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
