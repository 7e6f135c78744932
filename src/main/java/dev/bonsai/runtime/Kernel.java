package dev.bonsai.runtime;

import java.util.List;

/** The arithmetic of an operator. */
@FunctionalInterface
interface Kernel {

    /**
     * Computes the results.
     *
     * @param arguments the operands, whose types and shapes have been checked where they are known
     * @return the results, at least as many as are asked for
     */
    List<Tensor> apply(Arguments arguments);
}
