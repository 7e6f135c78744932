package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.StraightThrough;
import java.util.BitSet;
import java.util.Optional;

/** A mask that lets the gradient through to the removed elements: they train on unseen. */
class OpenMask extends MaskTransform {

    OpenMask(BitSet keep, double level, Shape shape, DataType type, NDManager manager) {
        super(keep, level, shape, type, manager);
    }

    @Override
    public NDArray apply(NDArray weight, ForwardPass pass) {
        Optional<NDArray> cleared = mask().clearedCopy(weight);
        if (cleared.isPresent()) {
            return cleared.get();
        }
        try (NDArray stopped = weight.stopGradient()) {
            return StraightThrough.of(
                    stopped.mul(mask().array()), weight); // turns -0 to +0 as well
        }
    }
}
