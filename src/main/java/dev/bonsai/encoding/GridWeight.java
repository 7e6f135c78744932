package dev.bonsai.encoding;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A weight on a uniform grid: {@code value = (code - zeroPoint) * scale}, computed in 64-bit floats
 * and rounded once to 32 bits (for 16 bits and fewer this equals the 32-bit product exactly).
 *
 * <p>The arrays belong to the record and must not be changed.
 *
 * @param shape the shape, outermost dimension first
 * @param bits the width of a code, from 2 to 32
 * @param layout which elements share a scale
 * @param codes one integer an element; within {@code bits} bits, signed
 * @param scales one positive, finite scale a group
 * @param zeroPoints the code of zero, one a group; all 0 on a symmetric grid
 */
public record GridWeight(
        int[] shape, int bits, ScaleLayout layout, Codes codes, float[] scales, int[] zeroPoints)
        implements EncodedWeight {

    public GridWeight {
        Shapes.checkSize(shape, codes.size(), "codes");
        if (bits < 2 || bits > Integer.SIZE) {
            throw new IllegalArgumentException(
                    "A grid has from 2 to 32 bits an element, but got " + bits);
        }
        if ((long) layout.rows() * layout.rowLength() != codes.size()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT, "%s does not cover %d elements", layout, codes.size()));
        }
        if (scales.length != layout.groups() || zeroPoints.length != layout.groups()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%s needs %d scales and zero points, but got %d and %d",
                            layout,
                            layout.groups(),
                            scales.length,
                            zeroPoints.length));
        }
        for (float scale : scales) {
            if (!(scale > 0 && scale <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        "The scale of a grid is positive and finite, but got "
                                + scale
                                + ": use 1 where all elements are zero");
            }
        }
        checkRange(codes, bits, "code");
        checkRange(Codes.of(zeroPoints), bits, "zero point");
    }

    /**
     * Makes a weight of codes in an array, which are copied.
     *
     * @param shape the shape, outermost dimension first
     * @param bits the width of a code, from 2 to 32
     * @param layout which elements share a scale
     * @param codes one integer an element; within {@code bits} bits, signed
     * @param scales one positive, finite scale a group
     * @param zeroPoints the code of zero, one a group; all 0 on a symmetric grid
     */
    public GridWeight(
            int[] shape,
            int bits,
            ScaleLayout layout,
            int[] codes,
            float[] scales,
            int[] zeroPoints) {
        this(shape, bits, layout, Codes.of(codes), scales, zeroPoints);
    }

    /**
     * Returns the lowest code of a grid; the highest is {@code -1 - lowest}.
     *
     * @param bits the width of a code, from 2 to 32
     * @return the code
     */
    public static int lowestCode(int bits) {
        return -1 << (bits - 1);
    }

    private static void checkRange(Codes values, int bits, String what) {
        int low = lowestCode(bits);
        int wrong = values.firstOutside(low, ~low);
        if (wrong >= 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A %s of a %d-bit grid lies in [%d, %d], but got %d",
                            what,
                            bits,
                            low,
                            ~low,
                            values.get(wrong)));
        }
    }

    /**
     * Tells whether zero lies at code 0 everywhere.
     *
     * @return whether all zero points are 0
     */
    public boolean isSymmetric() {
        for (int zeroPoint : zeroPoints) {
            if (zeroPoint != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void decode(int from, float[] target, int length) {
        int at = from;
        while (at < from + length) {
            int group = layout.groupOf(at);
            int end = Math.min(from + length, layout.endOfGroup(at));
            for (; at < end; ++at) {
                double steps = (double) codes.get(at) - zeroPoints[group];
                target[at - from] = (float) (steps * scales[group]);
            }
        }
    }

    @Override
    public boolean isZero(int index) {
        return codes.get(index) == zeroPoints[layout.groupOf(index)];
    }

    @Override
    public EncodedWeight masked(BitSet keep) {
        int low = lowestCode(bits);
        Codes kept =
                Codes.of(
                        codes.size(),
                        low,
                        ~low,
                        i -> keep.get(i) ? codes.get(i) : zeroPoints[layout.groupOf(i)]);
        return new GridWeight(shape, bits, layout, kept, scales, zeroPoints);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GridWeight that
                && bits == that.bits
                && layout.equals(that.layout)
                && Arrays.equals(shape, that.shape)
                && codes.equals(that.codes)
                && Arrays.equals(scales, that.scales)
                && Arrays.equals(zeroPoints, that.zeroPoints);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + codes.hashCode();
    }
}
