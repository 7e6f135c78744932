package dev.bonsai.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.Tensors;

/** Tells whether all values of an array are finite: as a rule by one sum, in no further memory. */
final class FiniteValues {

    private FiniteValues() {}

    /**
     * Looks at an array.
     *
     * @param array the array
     * @param manager the parent of what is computed
     * @return false if it is of floats, one of which is NaN or infinite
     */
    static boolean areIn(NDArray array, NDManager manager) {
        if (!array.getDataType().isFloating()) {
            return true;
        }
        try (NDManager scratch = manager.newSubManager()) {
            NDArray alias = Tensors.alias(array, scratch);
            double sum = alias.sum().toType(DataType.FLOAT64, false).getDouble();
            return Double.isFinite(sum) // or else finite values may add up to infinity
                    || !alias.isNaN().logicalOr(alias.isInfinite()).any().getBoolean();
        }
    }
}
