package dev.bonsai.core;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.BitSet;
import java.util.Optional;

/**
 * Sets all but the kept elements of a weight to exactly +0. The weight must be finite.
 *
 * <p>As an operand of the engine the mask is of the weight's type: a product costs half of what a
 * choice by a boolean mask does, which mispredicts its branches. That of a large weight is made
 * when it is first asked for, which is never where plain Java can reach the weight's memory.
 */
public final class ElementMask {

    /**
     * From this many elements on, 16 MB as floats, no array is made. The engine's product is three
     * times as fast as plain Java, but its masks take as much memory as the weights.
     */
    private static final int LARGE = 1 << 22;

    private final BitSet keep;
    private final Shape shape;
    private final DataType type;
    private final NDManager manager;
    private final NDArray zero;
    private NDArray array;

    /**
     * Makes a mask.
     *
     * @param keep the row-major indices of the elements to keep, which must not be changed
     * @param shape the shape of the weight
     * @param type the type of the weight
     * @param manager the owner of the mask
     */
    public ElementMask(BitSet keep, Shape shape, DataType type, NDManager manager) {
        this.keep = keep;
        this.shape = shape;
        this.type = type;
        this.manager = manager;
        zero = Tensors.constant(manager, 0);
        if (shape.size() < LARGE) {
            array();
        }
    }

    /**
     * Returns what is kept.
     *
     * @return the row-major indices, which must not be changed
     */
    public BitSet keep() {
        return keep;
    }

    /**
     * Returns the mask as an array.
     *
     * @return 1 for what is kept, 0 for what is not, of the weight's shape and type
     */
    public synchronized NDArray array() {
        if (array == null) {
            float[] values = new float[Math.toIntExact(shape.size())];
            for (int i = keep.nextSetBit(0); i >= 0; i = keep.nextSetBit(i + 1)) {
                values[i] = 1;
            }
            NDArray floats = Tensors.constant(manager, values, shape);
            array = floats.toType(type, false);
            if (array != floats) {
                floats.close();
            }
        }
        return array;
    }

    /**
     * Masks a weight; no gradient passes to what is not kept.
     *
     * @param weight the weight, which is not changed
     * @return the masked weight
     */
    public NDArray applyTo(NDArray weight) {
        return weight.mul(array()).addi(zero); // -x * 0 = -0, and -0 + 0 = +0
    }

    /**
     * Masks an array in place.
     *
     * @param weight the array to be changed, outside any graph
     */
    public void project(NDArray weight) {
        if (weight.size() < LARGE || !clear(weight)) {
            weight.muli(array()).addi(zero);
        }
    }

    /**
     * Returns a masked copy of a weight, through which the gradient passes everywhere.
     *
     * @param weight the weight, which is not changed
     * @return the copy; empty where {@link #applyTo} costs less
     */
    public Optional<NDArray> clearedCopy(NDArray weight) {
        if (weight.size() < LARGE) {
            return Optional.empty();
        }
        NDArray copy = weight.add(zero);
        return clear(copy) ? Optional.of(copy) : Optional.empty();
    }

    /** Does the same in plain Java; returns false where the memory is out of its reach. */
    private boolean clear(NDArray weight) {
        Optional<NativeFloats> memory = NativeFloats.of(weight);
        memory.ifPresent(floats -> floats.update(this::clear));
        return memory.isPresent();
    }

    /** Without a branch per element, which a processor could not foresee. */
    private void clear(int at, float[] values, int length) {
        long[] words = keep.get(at, at + length).toLongArray(); // none behind the last that is kept
        for (int i = 0; i < length; ++i) {
            int word = i >> 6;
            long bits = word < words.length ? words[word] : 0;
            int kept = -(int) (bits >>> i & 1); // all ones, or none
            int value = Float.floatToRawIntBits(values[i]) & kept;
            values[i] = Float.intBitsToFloat(value) + 0f; // -0 + 0 = +0
        }
    }
}
