package dev.bonsai.trace;

import java.util.List;
import java.util.function.Function;

/** Says an operator of DJL by nodes of a graph. */
@FunctionalInterface
interface Translation {

    /**
     * Adds the nodes.
     *
     * @param call the operator with its operands
     * @return the names of the results
     * @throws Untranslatable if there are no words for it
     */
    List<String> of(Call call);

    /** A translation with one result. */
    static Translation one(Function<Call, String> translation) {
        return call -> List.of(translation.apply(call));
    }
}
