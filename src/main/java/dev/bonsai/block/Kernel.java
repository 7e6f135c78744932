package dev.bonsai.block;

import ai.djl.ndarray.NDArray;
import java.util.function.Function;

/** Computes one operator, in ONNX's meaning, with gradients where it has one. */
@FunctionalInterface
interface Kernel {

    /**
     * Computes the results.
     *
     * @param in the operands
     * @return a value per result that the node names, at least
     */
    Value[] run(Arguments in);

    /** A kernel with one array as its result. */
    static Kernel of(Function<Arguments, NDArray> function) {
        return in -> new Value[] {Value.of(function.apply(in))};
    }

    /** A kernel on the first operand alone. */
    static Kernel unary(Function<NDArray, NDArray> function) {
        return of(in -> function.apply(in.owned(0)));
    }
}
