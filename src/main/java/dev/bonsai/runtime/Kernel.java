package dev.bonsai.runtime;

import java.util.List;

/**
 * The arithmetic of one type of operators.
 *
 * @param <O> the type of operators
 */
@FunctionalInterface
interface Kernel<O> {

    /**
     * Computes the results.
     *
     * @param operator the operator with its attributes
     * @param arguments its operands, whose types and shapes have been checked where they are known
     * @return the results, at least as many as are asked for
     */
    List<Tensor> apply(O operator, Arguments arguments);
}
