package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import java.util.BitSet;

/**
 * Sets all but the kept elements to zero. The weight must be finite.
 *
 * <p>The mask is of the weight's type: a product costs half of what a choice by a boolean mask
 * does, which mispredicts its branches.
 */
abstract class MaskTransform implements WeightTransform {

    private final BitSet keep;
    private final double level;
    private final NDArray mask;
    private final NDArray zero;

    /**
     * Makes a mask.
     *
     * @param keep the row-major indices of the elements to keep, which must not be changed
     * @param level the level that the mask was cut for
     * @param shape the shape of the weight
     * @param type the type of the weight
     * @param manager the owner of the mask
     */
    MaskTransform(BitSet keep, double level, Shape shape, DataType type, NDManager manager) {
        this.keep = keep;
        this.level = level;
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = keep.nextSetBit(0); i >= 0; i = keep.nextSetBit(i + 1)) {
            values[i] = 1;
        }
        NDArray floats = manager.create(values, shape);
        mask = floats.toType(type, false);
        if (mask != floats) {
            floats.close();
        }
        zero = manager.create(0f);
    }

    final BitSet keep() {
        return keep;
    }

    final double level() {
        return level;
    }

    final NDArray mask() {
        return mask;
    }

    /** A zero, which makes -0 to +0 when it is added. */
    final NDArray zero() {
        return zero;
    }

    /** Sets the removed elements of an array to zero in place. */
    public final void project(NDArray array) {
        array.muli(mask).addi(zero); // -x * 0 = -0, and -0 + 0 = +0
    }

    @Override
    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        return weight.masked(keep);
    }
}
