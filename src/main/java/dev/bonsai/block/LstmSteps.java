package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.bonsai.graph.operator.Recurrence;

/** A long short-term memory step by step, with lengths and peepholes. */
final class LstmSteps extends RecurrentSteps {

    private static final int GATES = Recurrence.Kind.LSTM.gates();
    private static final int PEEPHOLES = 3;

    LstmSteps(RecurrentLayer layer, Arguments in) {
        super(layer, in);
    }

    @Override
    NDList initial(int direction) {
        return new NDList(
                state(RecurrentKernels.HIDDEN, direction), state(RecurrentKernels.CELL, direction));
    }

    @Override
    NDList step(int direction, NDArray gates, NDList states) {
        NDArray[] x = cut(gates, GATES);
        NDArray[] h = recurrent(direction, states.head(), GATES);
        NDArray cell = states.get(1);
        NDArray input = sigmoid(peep(direction, 0, add(x[0], h[0]), cell));
        NDArray forget = sigmoid(peep(direction, 2, add(x[2], h[2]), cell));
        NDArray fresh = tanh(add(x[3], h[3]));
        NDArray next = add(mul(forget, cell), mul(input, fresh));
        NDArray output = sigmoid(peep(direction, 1, add(x[1], h[1]), next));
        return new NDList(mul(output, tanh(next)), next);
    }

    /** Adds what a gate sees of the cell state. */
    private NDArray peep(int direction, int gate, NDArray sum, NDArray cell) {
        if (!in.has(RecurrentKernels.PEEPHOLES)) {
            return sum;
        }
        NDArray all = layer.ofDirection(RecurrentKernels.PEEPHOLES, direction);
        NDArray row = in.scratch(all.reshape(1, (long) PEEPHOLES * layer.hidden()));
        return add(sum, mul(cell, cut(row, PEEPHOLES)[gate]));
    }
}
