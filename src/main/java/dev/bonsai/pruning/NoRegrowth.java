package dev.bonsai.pruning;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.BitSet;

/** What is removed stays removed. */
final class NoRegrowth extends Regrowth {

    NoRegrowth() {
        super(0, "none");
    }

    @Override
    MaskTransform mask(BitSet keep, double level, Shape shape, DataType type, NDManager manager) {
        return new ClosedMask(keep, level, shape, type, manager);
    }
}
