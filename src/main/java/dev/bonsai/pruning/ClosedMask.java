package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass;
import dev.bonsai.core.Projection;
import java.util.BitSet;
import java.util.Optional;

/** A mask that lets no gradient through to the removed elements: nothing moves them any more. */
final class ClosedMask extends MaskTransform implements Projection {

    ClosedMask(BitSet keep, double level, Shape shape, DataType type, NDManager manager) {
        super(keep, level, shape, type, manager);
    }

    @Override
    public NDArray apply(NDArray weight, ForwardPass pass) {
        if (pass.mode() == ForwardPass.Mode.INFERENCE) { // no gradient is stopped
            Optional<NDArray> cleared = mask().clearedCopy(weight);
            if (cleared.isPresent()) {
                return cleared.get();
            }
        }
        return mask().applyTo(weight);
    }
}
