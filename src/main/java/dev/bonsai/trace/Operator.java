package dev.bonsai.trace;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operator that a forward pass has applied, with the plain arrays that it worked on.
 *
 * <p>The arrays belong to the pass: what is to be kept of them must be computed at once.
 *
 * @param name the name of the method of {@code NDArray} or {@code NDArrayEx}, such as {@code add}
 *     or {@code convolution}
 * @param receiver the array that the method was called on
 * @param arguments the arguments in the order of the method, null where it was given null
 * @param result the array, {@code NDList} or {@code NDArray[]} that came of it; the receiver itself
 *     after an operator that works in place
 */
public record Operator(
        String name, NDArray receiver, List<@Nullable Object> arguments, Object result) {}
