package dev.bonsai.encoding;

import java.util.Locale;

/**
 * The unsigned grid that an activation is rounded to: {@code value = (code - zeroPoint) * scale},
 * with codes from 0 to {@code 2^bits - 1}. Zero is always on it.
 *
 * @param bits the width of a code, from 2 to 22
 * @param scale the distance of two neighbours, a positive, finite, normal float
 * @param zeroPoint the code of zero; 0 where no value is negative
 */
public record ActivationGrid(int bits, float scale, int zeroPoint) {

    /** The widest grid: 32-bit floats tell its neighbours apart, rounding included. */
    public static final int MOST_BITS = 22;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ActivationGrid {
        boolean isScale = scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE;
        if (bits < 2
                || bits > MOST_BITS
                || !isScale
                || zeroPoint < 0
                || zeroPoint > highestCode(bits)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The grid of an activation has 2 to %d bits, a scale that is a positive"
                                    + " normal float, and the zero point among its codes, but got %d"
                                    + " bits, the scale %s and the zero point %d",
                            MOST_BITS,
                            bits,
                            scale,
                            zeroPoint));
        }
    }

    /**
     * Returns the grid that spans a range.
     *
     * @param bits the width of a code, from 2 to 22
     * @param low the least value, at most 0
     * @param high the greatest value, at least 0; where it equals the least the scale is 1
     * @return the grid
     */
    public static ActivationGrid of(int bits, double low, double high) {
        int highest = highestCode(bits);
        double step = (high - low) / highest;
        float scale = step == 0 ? 1f : (float) Math.max(step, Float.MIN_NORMAL);
        long zero = Math.round(-low / scale);
        return new ActivationGrid(bits, scale, (int) Math.min(highest, Math.max(0, zero)));
    }

    /**
     * Returns the highest code of a width.
     *
     * @param bits the width
     * @return {@code 2^bits - 1}
     */
    public static int highestCode(int bits) {
        return (1 << bits) - 1;
    }

    /**
     * Returns the highest code; the lowest is 0.
     *
     * @return {@code 2^bits - 1}
     */
    public int highestCode() {
        return highestCode(bits);
    }
}
