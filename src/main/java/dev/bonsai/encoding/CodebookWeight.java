package dev.bonsai.encoding;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

/**
 * A weight whose elements share a few values: {@code value = codebook[assignment]}.
 *
 * <p>The arrays belong to the record and must not be changed.
 *
 * @param shape the shape, outermost dimension first
 * @param codebook the shared values: zero at most once, and up to 65,536 others; at least one value
 * @param assignments one index into the codebook an element
 */
public record CodebookWeight(int[] shape, float[] codebook, int[] assignments)
        implements EncodedWeight {

    /** The most values of a codebook besides zero. */
    public static final int MAX_SIZE = 1 << 16;

    public CodebookWeight {
        Shapes.checkSize(shape, assignments.length, "assignments");
        int zeros = 0;
        for (int i = 0; i < codebook.length; ++i) {
            codebook[i] += 0f; // -0 + 0 = +0
            zeros += codebook[i] == 0f ? 1 : 0;
        }
        if (codebook.length < 1 || codebook.length - zeros > MAX_SIZE) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A codebook has from 1 to %d values besides zero, but got %d",
                            MAX_SIZE,
                            codebook.length - zeros));
        }
        if (zeros > 1) {
            throw new IllegalArgumentException(
                    "A codebook has zero at most once, but got it " + zeros + " times");
        }
        for (int assignment : assignments) {
            if (assignment < 0 || assignment >= codebook.length) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "An assignment lies in [0, %d), but got %d",
                                codebook.length,
                                assignment));
            }
        }
    }

    @Override
    public float[] decode() {
        float[] values = new float[assignments.length];
        for (int i = 0; i < values.length; ++i) {
            values[i] = codebook[assignments[i]];
        }
        return values;
    }

    @Override
    public boolean isZero(int index) {
        return codebook[assignments[index]] == 0f;
    }

    @Override
    public EncodedWeight masked(BitSet keep) {
        if (keep.nextClearBit(0) >= assignments.length) {
            return this;
        }
        int zero = 0;
        while (zero < codebook.length && codebook[zero] != 0f) {
            ++zero;
        }
        float[] values =
                zero < codebook.length ? codebook : Arrays.copyOf(codebook, codebook.length + 1);
        int[] kept = assignments.clone();
        for (int i = keep.nextClearBit(0); i < kept.length; i = keep.nextClearBit(i + 1)) {
            kept[i] = zero;
        }
        return new CodebookWeight(shape, values, kept);
    }

    @Override
    public int bits() {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(codebook.length - 1));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodebookWeight that
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(codebook, that.codebook)
                && Arrays.equals(assignments, that.assignments);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(assignments);
    }
}
