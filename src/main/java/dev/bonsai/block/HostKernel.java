package dev.bonsai.block;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Computes one operator of few integers on Java's side. */
@FunctionalInterface
interface HostKernel {

    /**
     * Computes the results.
     *
     * @param operands the operands; null where one is left out
     * @param results how many results the node names
     * @return the results, or empty if this is for the device
     */
    Optional<List<Numbers>> run(Numbers[] operands, int results);

    /** What a kernel with one result does. */
    @FunctionalInterface
    interface Single {

        /**
         * Computes the result.
         *
         * @param operands the operands; null where one is left out
         * @return the result
         */
        Numbers run(Numbers... operands);
    }

    /** A kernel with one result. */
    static HostKernel of(Single kernel) {
        return (operands, results) -> Optional.of(List.of(kernel.run(operands)));
    }

    /** A kernel with one result, for some operands only. */
    static HostKernel where(Predicate<Numbers[]> may, Single kernel) {
        return (operands, results) ->
                may.test(operands) ? Optional.of(List.of(kernel.run(operands))) : Optional.empty();
    }
}
