package dev.bonsai.encoding;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A weight as floats of 32 or 16 bits.
 *
 * <p>A negative zero decodes to {@code +0.0f}. The arrays belong to the record from then on and
 * must not be changed.
 *
 * @param shape the shape, outermost dimension first
 * @param values one value an element, in row-major order; each is one that the format holds. They
 *     may lie in memory of the engine: such a weight must not outlive it
 * @param format the format in which the values are stored
 */
public record DenseWeight(int[] shape, FloatBuffer values, FloatFormat format)
        implements EncodedWeight {

    public DenseWeight {
        values = values.slice().asReadOnlyBuffer();
        Shapes.checkSize(shape, values.capacity(), "values");
        if (format != FloatFormat.FLOAT32) {
            check(values, format);
        }
    }

    private static void check(FloatBuffer values, FloatFormat format) {
        for (int i = 0; i < values.capacity(); ++i) {
            if (!format.holds(values.get(i))) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "A weight of the format %s has values of that format, but got %s:"
                                        + " round it with FloatFormat.round",
                                format,
                                values.get(i)));
            }
        }
    }

    /**
     * Makes a weight of the values of an array.
     *
     * @param shape the shape, outermost dimension first
     * @param values one value an element, in row-major order
     * @param format the format in which the values are stored
     */
    public DenseWeight(int[] shape, float[] values, FloatFormat format) {
        this(shape, FloatBuffer.wrap(values), format);
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
    public void decode(int from, float[] target, int length) {
        values.get(from, target, 0, length);
        for (int i = 0; i < length; ++i) {
            target[i] += 0f; // -0 + 0 = +0
        }
    }

    @Override
    public boolean isZero(int index) {
        return values.get(index) == 0f;
    }

    @Override
    public EncodedWeight masked(BitSet keep) {
        float[] kept = new float[values.capacity()];
        for (int i = keep.nextSetBit(0); i >= 0; i = keep.nextSetBit(i + 1)) {
            kept[i] = values.get(i);
        }
        return new DenseWeight(shape, kept, format);
    }

    @Override
    public int bits() {
        return format.bits();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DenseWeight that
                && format == that.format
                && Arrays.equals(shape, that.shape)
                && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + values.capacity(); // -0 equals +0
    }
}
