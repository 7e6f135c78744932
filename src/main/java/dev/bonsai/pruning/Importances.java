package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.Proposal;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Tensors;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.function.Function;

/** Asks a criterion how important the elements of a weight are. */
final class Importances {

    private Importances() {}

    /**
     * Asks for one weight.
     *
     * @param use takes the importance per element, which is freed then
     */
    static <T> T of(
            Criterion criterion,
            TargetWeight weight,
            Proposal proposal,
            Function<FloatBuffer, T> use) {
        NDArray value = proposal.value(weight);
        NDArray importance =
                criterion.importance(weight, value, signal -> proposal.signal(weight, signal));
        if (!importance.getShape().equals(value.getShape())) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A criterion returns one importance per element, of the shape %s for"
                                    + " %s, but got %s",
                            value.getShape(),
                            weight,
                            importance.getShape()));
        }
        try (NDArray floats = importance.toType(DataType.FLOAT32, false)) { // as large as a weight
            return use.apply(Tensors.floats(floats));
        }
    }

    static IllegalArgumentException isNaN(String what, TargetWeight weight) {
        return new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "The importance of %s of %s is NaN. Either the training has diverged (lower"
                                + " the learning rate or clip the gradients), or the criterion"
                                + " divides by zero",
                        what,
                        weight));
    }
}
