package dev.bonsai.encoding;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

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
        int[] shape, int bits, ScaleLayout layout, int[] codes, float[] scales, int[] zeroPoints)
        implements EncodedWeight {

    public GridWeight {
        Shapes.checkSize(shape, codes.length, "codes");
        if (bits < 2 || bits > Integer.SIZE) {
            throw new IllegalArgumentException(
                    "A grid has from 2 to 32 bits an element, but got " + bits);
        }
        if ((long) layout.rows() * layout.rowLength() != codes.length) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT, "%s does not cover %d elements", layout, codes.length));
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
        checkRange(zeroPoints, bits, "zero point");
    }

    private static void checkRange(int[] values, int bits, String what) {
        int low = -1 << (bits - 1);
        int high = ~low;
        for (int value : values) {
            if (value < low || value > high) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "A %s of a %d-bit grid lies in [%d, %d], but got %d",
                                what,
                                bits,
                                low,
                                high,
                                value));
            }
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
    public float[] decode() {
        float[] values = new float[codes.length];
        for (int i = 0; i < codes.length; ++i) {
            int group = layout.groupOf(i);
            values[i] = (float) (((double) codes[i] - zeroPoints[group]) * scales[group]);
        }
        return values;
    }

    @Override
    public boolean isZero(int index) {
        return codes[index] == zeroPoints[layout.groupOf(index)];
    }

    @Override
    public EncodedWeight masked(BitSet keep) {
        int[] kept = codes.clone();
        for (int i = keep.nextClearBit(0); i < kept.length; i = keep.nextClearBit(i + 1)) {
            kept[i] = zeroPoints[layout.groupOf(i)];
        }
        return new GridWeight(shape, bits, layout, kept, scales, zeroPoints);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GridWeight that
                && bits == that.bits
                && layout.equals(that.layout)
                && Arrays.equals(shape, that.shape)
                && Arrays.equals(codes, that.codes)
                && Arrays.equals(scales, that.scales)
                && Arrays.equals(zeroPoints, that.zeroPoints);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(codes);
    }
}
