package dev.bonsai.entropy;

import dev.bonsai.encoding.FloatFormat;

/**
 * The bits of a float: sign, exponent, fraction.
 *
 * @param exponentBits the bits of the exponent, at most 8
 * @param fractionBits the bits of the fraction
 * @param dropped the lowest bits of all fractions, which are 0 and take nothing
 */
public record FloatShape(int exponentBits, int fractionBits, int dropped) {

    /**
     * The bits of a format.
     *
     * @param format the format
     * @param dropped the lowest bits of all fractions, which are 0
     * @return the shape
     */
    public static FloatShape of(FloatFormat format, int dropped) {
        int fractionBits = format.fractionBits();
        return new FloatShape(format.bits() - 1 - fractionBits, fractionBits, dropped);
    }

    int sign(int bits) {
        return (bits >>> (exponentBits + fractionBits)) & 1;
    }

    int exponent(int bits) {
        return (bits >>> fractionBits) & ((1 << exponentBits) - 1);
    }

    int fraction(int bits) {
        return bits & ((1 << fractionBits) - 1);
    }
}
