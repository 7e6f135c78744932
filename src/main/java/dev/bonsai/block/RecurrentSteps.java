package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** A recurrent layer step by step: for what the engine's own lacks, such as lengths. */
abstract class RecurrentSteps {

    final RecurrentLayer layer;
    final Arguments in;

    RecurrentSteps(RecurrentLayer layer, Arguments in) {
        this.layer = layer;
        this.in = in;
    }

    /** The states that go from step to step: the hidden one first. */
    abstract NDList initial(int direction);

    /** Computes the states behind a step; the products of the input and w are given. */
    abstract NDList step(int direction, NDArray gates, NDList states);

    /** Returns all hidden states with the directions apart, and the last states. */
    final NDList run() {
        NDList all = new NDList();
        NDList[] last = new NDList[layer.directions()];
        for (int d = 0; d < layer.directions(); ++d) {
            NDList hidden = new NDList();
            last[d] = run(d, hidden);
            all.add(in.scratch(NDArrays.stack(hidden)));
        }
        NDList results = new NDList(in.scratch(NDArrays.stack(all, 1)));
        for (int state = 0; state < last[0].size(); ++state) {
            NDList directions = new NDList();
            for (NDList states : last) {
                directions.add(states.get(state));
            }
            results.add(in.scratch(NDArrays.stack(directions)));
        }
        return results;
    }

    private NDList run(int direction, NDList hidden) {
        NDArray weight = in.scratch(layer.ofDirection(1, direction).transpose());
        NDArray gates = in.scratch(layer.given().matMul(weight));
        if (in.has(RecurrentKernels.BIAS)) {
            gates = in.scratch(gates.add(layer.bias(direction, 0)));
        }
        NDList states = initial(direction);
        int length = Math.toIntExact(layer.length());
        NDArray[] found = new NDArray[length];
        for (int i = 0; i < length; ++i) {
            int at = layer.isReverse(direction) ? length - 1 - i : i;
            NDArray now = in.scratch(Parts.slice(gates, 0, at, at + 1L, 1));
            NDList next = step(direction, in.scratch(now.squeeze(0)), states);
            found[at] = next.head();
            if (in.has(RecurrentKernels.LENGTHS)) {
                NDArray inside = inside(at);
                NDArray zero = in.scratch(next.head().zerosLike());
                found[at] = in.scratch(NDArrays.where(inside, next.head(), zero));
                for (int s = 0; s < next.size(); ++s) {
                    next.set(s, in.scratch(NDArrays.where(inside, next.get(s), states.get(s))));
                }
            }
            states = next;
        }
        hidden.addAll(Arrays.asList(found));
        return states;
    }

    /** Tells for each element of the hidden state whether the sequence has that step. */
    private NDArray inside(int at) {
        NDArray lengths = in.owned(RecurrentKernels.LENGTHS);
        NDArray inside = in.scratch(lengths.gt(in.scalar(at, lengths)));
        NDArray column = in.scratch(inside.reshape(layer.batch(), 1));
        return in.scratch(column.broadcast(new Shape(layer.batch(), layer.hidden())));
    }

    /** Returns the product of a state and r, with its bias, cut into gates. */
    final NDArray[] recurrent(int direction, NDArray state, int gates) {
        NDArray weight = in.scratch(layer.ofDirection(2, direction).transpose());
        NDArray product = in.scratch(state.matMul(weight));
        if (in.has(RecurrentKernels.BIAS)) {
            product = in.scratch(product.add(layer.bias(direction, 1)));
        }
        return cut(product, gates);
    }

    /** Cuts the last axis of a matrix into gates. */
    final NDArray[] cut(NDArray all, int gates) {
        NDArray[] parts = new NDArray[gates];
        for (int i = 0; i < gates; ++i) {
            long from = (long) i * layer.hidden();
            parts[i] = in.scratch(Parts.slice(all, 1, from, from + layer.hidden(), 1));
        }
        return parts;
    }

    /** Returns an initial state of one direction. */
    final NDArray state(int operand, int direction) {
        NDArray all = layer.state(operand);
        NDArray part = in.scratch(Parts.slice(all, 0, direction, direction + 1L, 1));
        return in.scratch(part.squeeze(0));
    }

    final NDArray add(NDArray a, NDArray b) {
        return in.scratch(a.add(b));
    }

    final NDArray mul(NDArray a, NDArray b) {
        return in.scratch(a.mul(b));
    }

    final NDArray sigmoid(NDArray x) {
        return in.scratch(x.getNDArrayInternal().sigmoid());
    }

    final NDArray tanh(NDArray x) {
        return in.scratch(x.tanh());
    }
}
