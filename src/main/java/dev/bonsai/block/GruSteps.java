package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.bonsai.graph.operator.Recurrence;

/** A gated recurrent unit step by step, with lengths and with the reset before the product. */
final class GruSteps extends RecurrentSteps {

    private static final int GATES = Recurrence.Kind.GRU.gates();

    private final boolean linearBeforeReset;

    GruSteps(RecurrentLayer layer, Arguments in, boolean linearBeforeReset) {
        super(layer, in);
        this.linearBeforeReset = linearBeforeReset;
    }

    @Override
    NDList initial(int direction) {
        return new NDList(state(RecurrentKernels.HIDDEN, direction));
    }

    @Override
    NDList step(int direction, NDArray gates, NDList states) {
        NDArray hidden = states.head();
        NDArray[] x = cut(gates, GATES);
        NDArray[] h = recurrent(direction, hidden, GATES);
        NDArray update = sigmoid(add(x[0], h[0]));
        NDArray reset = sigmoid(add(x[1], h[1]));
        NDArray seen =
                linearBeforeReset
                        ? mul(reset, h[2])
                        : recurrent(direction, mul(reset, hidden), GATES)[2];
        NDArray fresh = tanh(add(x[2], seen));
        // (1 - z) * n + z * h = n + z * (h - n)
        return new NDList(add(fresh, mul(update, in.scratch(hidden.sub(fresh)))));
    }
}
