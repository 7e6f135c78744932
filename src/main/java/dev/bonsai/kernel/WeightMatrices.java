package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import dev.bonsai.trace.Operator;
import dev.bonsai.trace.OperatorWatch;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Optional;

/** Follows the matrices among the weights of one pass through what only shows them otherwise. */
final class WeightMatrices {

    /**
     * A matrix that a pass computes with.
     *
     * @param parameter the weight
     * @param turned whether it is the transposed weight
     */
    record Matrix(Parameter parameter, boolean turned) {}

    private final OperatorWatch watch;
    private final IdentityHashMap<NDArray, Matrix> views = new IdentityHashMap<>();

    WeightMatrices(OperatorWatch watch) {
        this.watch = watch;
    }

    /** Returns the weight that an array is, as it is or transposed. */
    Optional<Matrix> of(NDArray array) {
        if (array.getShape().dimension() != 2) {
            return Optional.empty();
        }
        return Optional.ofNullable(views.get(array))
                .or(() -> watch.parameterOf(array).map(weight -> new Matrix(weight, false)));
    }

    /** Looks at an operator, after it was applied. */
    void look(Operator seen) {
        boolean turns =
                switch (seen.name()) {
                    case "transpose" ->
                            seen.arguments().isEmpty()
                                    || Arrays.equals(
                                            (int[]) seen.arguments().get(0), new int[] {1, 0});
                    case "swapAxes" -> !seen.arguments().get(0).equals(seen.arguments().get(1));
                    default -> false;
                };
        boolean stays =
                seen.name().equals("reshape")
                        && ((NDArray) seen.result()).getShape().equals(seen.receiver().getShape());
        if (turns || stays) {
            of(seen.receiver())
                    .ifPresent(
                            matrix ->
                                    views.put(
                                            (NDArray) seen.result(),
                                            new Matrix(matrix.parameter, turns != matrix.turned)));
        }
    }
}
