package dev.bonsai.encoding;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A weight whose elements share a few values: {@code value = codebook[assignment]}.
 *
 * <p>The arrays belong to the record and must not be changed.
 *
 * @param shape the shape, outermost dimension first
 * @param codebook the shared values: zero at most once, and up to 65,536 others; at least one value
 * @param assignments one index into the codebook an element
 */
public record CodebookWeight(int[] shape, float[] codebook, Codes assignments)
        implements EncodedWeight {

    /** The most values of a codebook besides zero. */
    public static final int MAX_SIZE = 1 << 16;

    public CodebookWeight {
        Shapes.checkSize(shape, assignments.size(), "assignments");
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
        int wrong = assignments.firstOutside(0, codebook.length - 1);
        if (wrong >= 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "An assignment lies in [0, %d), but got %d",
                            codebook.length,
                            assignments.get(wrong)));
        }
    }

    /**
     * Makes a weight of assignments in an array, which are copied.
     *
     * @param shape the shape, outermost dimension first
     * @param codebook the shared values
     * @param assignments one index into the codebook an element
     */
    public CodebookWeight(int[] shape, float[] codebook, int[] assignments) {
        this(shape, codebook, Codes.of(assignments));
    }

    @Override
    public void decode(int from, float[] target, int length) {
        for (int i = 0; i < length; ++i) {
            target[i] = codebook[assignments.get(from + i)];
        }
    }

    @Override
    public boolean isZero(int index) {
        return codebook[assignments.get(index)] == 0f;
    }

    @Override
    public EncodedWeight masked(BitSet keep) {
        if (keep.nextClearBit(0) >= assignments.size()) {
            return this;
        }
        int zero = indexOfZero(codebook);
        float[] values = zero >= 0 ? codebook : Arrays.copyOf(codebook, codebook.length + 1);
        int removed = zero >= 0 ? zero : codebook.length;
        Codes kept =
                Codes.of(
                        assignments.size(),
                        0,
                        values.length - 1,
                        i -> keep.get(i) ? assignments.get(i) : removed);
        return new CodebookWeight(shape, values, kept);
    }

    /**
     * Returns where zero is in a codebook.
     *
     * @param codebook the shared values
     * @return its index, or -1 if there is none
     */
    public static int indexOfZero(float[] codebook) {
        for (int i = 0; i < codebook.length; ++i) {
            if (codebook[i] == 0f) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int bits() {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(codebook.length - 1));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CodebookWeight that
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(codebook, that.codebook)
                && assignments.equals(that.assignments);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + assignments.hashCode();
    }
}
