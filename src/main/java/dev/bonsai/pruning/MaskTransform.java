package dev.bonsai.pruning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.NativeFloats;
import dev.bonsai.core.Tensors;
import dev.bonsai.core.WeightTransform;
import dev.bonsai.encoding.EncodedWeight;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;

/**
 * Sets all but the kept elements to zero. The weight must be finite.
 *
 * <p>As an operand of the engine the mask is of the weight's type: a product costs half of what a
 * choice by a boolean mask does, which mispredicts its branches. That of a large weight is made
 * when it is first asked for, which is never where plain Java can reach the weight's memory.
 */
abstract class MaskTransform implements WeightTransform {

    /** From this many elements on memory is what a product costs, and plain Java needs less. */
    private static final int LARGE = 1 << 16;

    private final BitSet keep;
    private final double level;
    private final Shape shape;
    private final DataType type;
    private final NDManager manager;
    private final NDArray zero;
    private NDArray mask;

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
        this.shape = shape;
        this.type = type;
        this.manager = manager;
        zero = Tensors.constant(manager, 0);
        if (shape.size() < LARGE) {
            mask();
        }
    }

    final BitSet keep() {
        return keep;
    }

    final double level() {
        return level;
    }

    /** Returns the mask as an array: 1 for what is kept. */
    final synchronized NDArray mask() {
        if (mask == null) {
            float[] values = new float[Math.toIntExact(shape.size())];
            for (int i = keep.nextSetBit(0); i >= 0; i = keep.nextSetBit(i + 1)) {
                values[i] = 1;
            }
            NDArray floats = Tensors.constant(manager, values, shape);
            mask = floats.toType(type, false);
            if (mask != floats) {
                floats.close();
            }
        }
        return mask;
    }

    /** A zero, which makes -0 to +0 when it is added. */
    final NDArray zero() {
        return zero;
    }

    /** Sets the removed elements of an array to zero in place. */
    public final void project(NDArray array) {
        if (array.size() < LARGE || !clear(array)) {
            array.muli(mask()).addi(zero); // -x * 0 = -0, and -0 + 0 = +0
        }
    }

    /** Returns a masked copy of a weight, through which the gradient passes everywhere. */
    final Optional<NDArray> clearedCopy(NDArray weight) {
        if (weight.size() < LARGE) {
            return Optional.empty();
        }
        NDArray copy = weight.add(zero);
        return clear(copy) ? Optional.of(copy) : Optional.empty();
    }

    /** Does the same in plain Java; returns false where the memory is out of its reach. */
    private boolean clear(NDArray array) {
        Optional<NativeFloats> memory = NativeFloats.of(array);
        memory.ifPresent(floats -> floats.update(this::clear));
        return memory.isPresent();
    }

    private void clear(int at, float[] values, int length) {
        int end = at + length;
        int next = at;
        while (next < end) {
            int kept = keep.nextSetBit(next);
            int until = kept < 0 || kept > end ? end : kept;
            Arrays.fill(values, next - at, until - at, 0f);
            next = until;
            while (next < end && keep.get(next)) {
                values[next - at] += 0f; // -0 + 0 = +0
                ++next;
            }
        }
    }

    @Override
    public EncodedWeight encode(EncodedWeight weight, NDManager manager) {
        return weight.masked(keep);
    }
}
