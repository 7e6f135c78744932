package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.Collection;
import java.util.function.Consumer;

/** Finds the arrays in the arguments of an operator. */
final class Arguments {

    private Arguments() {}

    /** Tells each array in a value, a list, a list of lists or an index. */
    static void forEachArray(Object value, Consumer<NDArray> action) {
        if (value instanceof NDArray array) {
            action.accept(array);
        } else if (value instanceof Collection<?> values) { // an NDList too
            values.forEach(item -> forEachArray(item, action));
        } else if (value instanceof Object[] values) {
            for (Object item : values) {
                forEachArray(item, action);
            }
        } else if (value instanceof NDIndex index) {
            index.getIndices().forEach(item -> forEachArray(PlainIndex.arrayOf(item), action));
        }
    }
}
