package dev.bonsai.encoding;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

/**
 * A weight as floats of 32 or 16 bits.
 *
 * <p>A negative zero is stored as {@code +0.0f}. The arrays belong to the record from then on and
 * must not be changed.
 *
 * @param shape the shape, outermost dimension first
 * @param values one value an element, in row-major order; each is one that the format holds
 * @param format the format in which the values are stored
 */
public record DenseWeight(int[] shape, float[] values, FloatFormat format)
        implements EncodedWeight {

    public DenseWeight {
        Shapes.checkSize(shape, values.length, "values");
        for (int i = 0; i < values.length; ++i) {
            values[i] += 0f; // -0 + 0 = +0
            if (!format.holds(values[i])) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "A weight of the format %s has values of that format, but got %s:"
                                        + " round it with FloatFormat.round",
                                format,
                                values[i]));
            }
        }
    }

    /**
     * Makes a weight of 32-bit floats.
     *
     * @param shape the shape, outermost dimension first
     * @param values one value an element, in row-major order
     */
    public DenseWeight(int[] shape, float[] values) {
        this(shape, values, FloatFormat.FLOAT32);
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
        return new DenseWeight(shape, kept, format);
    }

    @Override
    public int bits() {
        return format.bits();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DenseWeight that
                && format == that.format
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
    }
}
