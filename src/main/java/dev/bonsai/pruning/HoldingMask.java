package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.Projection;
import dev.bonsai.core.StepHook;
import java.util.BitSet;

/**
 * A mask that lets the gradient through to the removed elements to be seen, not to be followed:
 * their latent values are held at zero, so that they begin there when they are grown.
 */
final class HoldingMask extends OpenMask implements Projection, StepHook {

    HoldingMask(BitSet keep, double level, Shape shape, DataType type, NDManager manager) {
        super(keep, level, shape, type, manager);
    }

    /** The optimizer has moved what it has a gradient, or momentum, of. */
    @Override
    public void afterStep(NDArray latent) {
        project(latent);
    }
}
