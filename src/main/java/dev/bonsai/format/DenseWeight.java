package dev.bonsai.format;

import java.util.BitSet;

/**
 * A weight as 32-bit floats.
 *
 * <p>A negative zero is stored as {@code +0.0f}. The arrays belong to the record from then on and
 * must not be changed.
 *
 * @param shape the shape, outermost dimension first
 * @param values one value an element, in row-major order
 */
public record DenseWeight(int[] shape, float[] values) implements EncodedWeight {

    public DenseWeight {
        Shapes.checkSize(shape, values.length, "values");
        for (int i = 0; i < values.length; ++i) {
            values[i] += 0f; // -0 + 0 = +0
        }
    }

    @Override
    public float[] decode() {
        return values.clone();
    }

    @Override
    public boolean isZero(int index) {
        return values[index] == 0f;
    }

    @Override
    public EncodedWeight masked(BitSet keep) {
        float[] kept = new float[values.length];
        for (int i = keep.nextSetBit(0); i >= 0; i = keep.nextSetBit(i + 1)) {
            kept[i] = values[i];
        }
        return new DenseWeight(shape, kept);
    }

    @Override
    public int bits() {
        return Float.SIZE;
    }
}
