package dev.bonsai.pruning;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.BitSet;

/** Removed weights train on unseen, and compete again. */
final class Splicing extends Regrowth {

    Splicing(int everySteps) {
        super(checkSteps(everySteps), "splicing", everySteps);
    }

    @Override
    boolean revives() {
        return true;
    }

    @Override
    MaskTransform mask(BitSet keep, double level, Shape shape, DataType type, NDManager manager) {
        return new OpenMask(keep, level, shape, type, manager);
    }
}
