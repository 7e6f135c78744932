package dev.bonsai.gate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds outputs that no metric should be taken from. An accuracy, say, is a finite number even
 * where every output is NaN.
 *
 * <p>NaN is never meant. Infinities may be: a masked logit, or the logarithm of a probability of 0.
 * They are refused only where not one value of an output is finite.
 */
final class OutputCheck {

    private OutputCheck() {}

    /**
     * Checks the outputs of one batch.
     *
     * @return what is wrong, or empty if nothing is
     */
    static Optional<String> flaw(NDList outputs) {
        for (int i = 0; i < outputs.size(); ++i) {
            NDArray output = outputs.get(i);
            if (output.getDataType().isFloating() && output.size() > 0) {
                Optional<String> flaw = flaw(output);
                if (flaw.isPresent()) {
                    return Optional.of(String.format(Locale.ROOT, "output %d %s", i, flaw.get()));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> flaw(NDArray output) {
        if (isSumFinite(output)) {
            return Optional.empty(); // nearly always: one operation, and no further memory
        }
        if (any(output.isNaN())) {
            return Optional.of("held NaN");
        }
        try (NDArray infinite = output.isInfinite();
                NDArray finite = infinite.logicalNot()) {
            return anyOf(finite) ? Optional.empty() : Optional.of("held nothing but infinities");
        }
    }

    private static boolean isSumFinite(NDArray output) {
        try (NDArray sum = output.sum();
                NDArray real = sum.toType(DataType.FLOAT64, false)) {
            return Double.isFinite(real.getDouble());
        }
    }

    private static boolean any(NDArray flags) {
        try (flags) {
            return anyOf(flags);
        }
    }

    private static boolean anyOf(NDArray flags) {
        try (NDArray any = flags.any()) {
            return any.getBoolean();
        }
    }
}
