package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.graph.operator.Recurrence;

/** The operands of a recurrent operator in the order of the engine, and its results in ONNX's. */
final class RecurrentLayer {

    private final Recurrence recurrence;
    private final int gates;
    private final Arguments in;
    private final NDArray x;

    RecurrentLayer(Recurrence recurrence, Arguments in) {
        this.recurrence = recurrence;
        gates = recurrence.kind().gates();
        this.in = in;
        x = recurrence.batchFirst() ? in.scratch(in.owned(0).swapAxes(0, 1)) : in.owned(0);
    }

    int directions() {
        return recurrence.direction().count();
    }

    boolean isBidirectional() {
        return directions() == 2;
    }

    boolean isReverse(int direction) {
        return direction == 1 || recurrence.direction() == Recurrence.Direction.REVERSE;
    }

    int hidden() {
        return recurrence.hidden();
    }

    long batch() {
        return x.getShape().get(1);
    }

    long length() {
        return x.getShape().get(0);
    }

    /** Returns the sequence of shape (length, batch, features), as it is given. */
    NDArray given() {
        return x;
    }

    /** Returns the sequence as the engine reads it, from the front. */
    NDArray sequence() {
        boolean turned = !isBidirectional() && isReverse(0);
        return turned ? in.scratch(x.flip(0)) : x;
    }

    /** Returns an initial state of shape (directions, batch, hidden). */
    NDArray state(int operand) {
        if (!in.has(operand)) {
            Shape shape = new Shape(directions(), batch(), hidden());
            return in.scratch(in.manager().zeros(shape, x.getDataType()));
        }
        NDArray state = in.owned(operand);
        return recurrence.batchFirst() ? in.scratch(state.swapAxes(0, 1)) : state;
    }

    /** Returns the part of a weight for one direction. */
    NDArray ofDirection(int operand, int direction) {
        NDArray weight = in.owned(operand);
        NDArray part = in.scratch(Parts.slice(weight, 0, direction, direction + 1L, 1));
        return in.scratch(part.squeeze(0));
    }

    /** Returns the bias of the input (0) or of the hidden state (1) for one direction. */
    NDArray bias(int direction, int which) {
        long size = (long) gates * hidden();
        NDArray both = ofDirection(RecurrentKernels.BIAS, direction);
        return in.scratch(Parts.slice(both, 0, which * size, (which + 1) * size, 1));
    }

    /** Returns the weights as the engine takes them: per direction w, r and both biases. */
    NDList parameters(int... order) {
        NDList parameters = new NDList();
        for (int direction = 0; direction < directions(); ++direction) {
            parameters.add(ordered(ofDirection(1, direction), order));
            parameters.add(ordered(ofDirection(2, direction), order));
            if (in.has(RecurrentKernels.BIAS)) {
                parameters.add(ordered(bias(direction, 0), order));
                parameters.add(ordered(bias(direction, 1), order));
            }
        }
        return parameters;
    }

    private NDArray ordered(NDArray weight, int... order) {
        NDList parts = new NDList();
        for (int gate : order) {
            long from = (long) gate * hidden();
            parts.add(in.scratch(Parts.slice(weight, 0, from, from + hidden(), 1)));
        }
        return in.scratch(NDArrays.concat(parts));
    }

    /** Returns the engine's results with the directions apart. */
    NDList separated(NDList found) {
        NDArray all = in.scratch(found.head());
        Shape apart = new Shape(length(), batch(), directions(), hidden());
        NDArray split = in.scratch(all.reshape(apart));
        NDArray turned = in.scratch(split.transpose(0, 2, 1, 3));
        boolean back = !isBidirectional() && isReverse(0);
        NDList results = new NDList(back ? in.scratch(turned.flip(0)) : turned);
        found.subList(1, found.size()).forEach(state -> results.add(in.scratch(state)));
        return results;
    }

    /**
     * Returns the results of the node.
     *
     * @param found all states of shape (length, directions, batch, hidden), and the last ones of
     *     shape (directions, batch, hidden)
     */
    Value[] results(NDList found, int count) {
        Value[] results = new Value[count];
        for (int i = 0; i < count; ++i) {
            NDArray result = found.get(i);
            if (recurrence.batchFirst()) {
                result = in.scratch(i == 0 ? result.transpose(2, 0, 1, 3) : result.swapAxes(0, 1));
            }
            results[i] = Value.of(result);
        }
        return results;
    }
}
