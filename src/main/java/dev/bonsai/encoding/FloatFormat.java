package dev.bonsai.encoding;

/**
 * How many bits a float takes, and where they go.
 *
 * <p>IEEE 754-2019 defines the 32-bit and the 16-bit format. For bfloat16, and why it suits neural
 * networks, see Kalamkar et al.: "A Study of BFLOAT16 for Deep Learning Training", <a
 * href="https://arxiv.org/abs/1905.12322">arXiv:1905.12322</a>.
 */
public enum FloatFormat {
    /** IEEE single precision: 8 bits of exponent, 23 of fraction. */
    FLOAT32(8, 23),
    /** IEEE half precision: 5 bits of exponent, 10 of fraction; from 6e-8 to 65,504. */
    FLOAT16(5, 10),
    /** The upper half of a 32-bit float: 8 bits of exponent, 7 of fraction. */
    BFLOAT16(8, 7);

    /** A double of this exponent more than that of its last bit rounds what is added to it. */
    private static final int DOUBLE_FRACTION = 52;

    private static final double ROUNDER = 1.5;

    private final int exponentBits;
    private final int fractionBits;
    private final int leastExponent;
    private final float greatest;

    FloatFormat(int exponentBits, int fractionBits) {
        this.exponentBits = exponentBits;
        this.fractionBits = fractionBits;
        int bias = (1 << (exponentBits - 1)) - 1;
        leastExponent = 1 - bias;
        greatest = Math.scalb(2 - Math.scalb(1f, -fractionBits), bias);
    }

    /**
     * Returns the bits of a float: the sign, the exponent and the fraction.
     *
     * @return 32 or 16
     */
    public int bits() {
        return 1 + exponentBits + fractionBits;
    }

    /**
     * Returns the bits behind the point.
     *
     * @return 23, 10 or 7
     */
    public int fractionBits() {
        return fractionBits;
    }

    /**
     * Returns the greatest finite value.
     *
     * @return such as 65,504
     */
    public float greatest() {
        return greatest;
    }

    /**
     * Rounds to the nearest value of this format, a tie to the even fraction. The relative error of
     * what is not subnormal is at most {@code 2^-(fractionBits + 1)}.
     *
     * <p>What is beyond the greatest finite value, infinities included, becomes that value. Zeros,
     * and what is rounded to zero, become {@code +0}; NaN stays NaN.
     *
     * @param value any float
     * @return the nearest value that this format holds
     */
    public float round(float value) {
        if (Float.isNaN(value)) {
            return Float.NaN;
        }
        float bounded = Math.max(-greatest, Math.min(greatest, value));
        int exponent = Math.max(Math.getExponent(bounded), leastExponent);
        double rounder = Math.scalb(ROUNDER, exponent + DOUBLE_FRACTION - fractionBits);
        return (float) (bounded + rounder - rounder);
    }

    /**
     * Rounds like {@link #round}, but as IEEE 754 and ONNX's {@code Cast} do it: what lies at least
     * half a step beyond the greatest finite value becomes an infinity, and infinities stay.
     *
     * @param value any float
     * @return the nearest value, which may be infinite
     */
    public float roundUnbounded(float value) {
        if (this == FLOAT32 || Float.isNaN(value)) {
            return value;
        }
        int greatestExponent = Math.getExponent(greatest);
        double beyond = greatest + Math.scalb(0.5, greatestExponent - fractionBits);
        return Math.abs((double) value) >= beyond
                ? Math.copySign(Float.POSITIVE_INFINITY, value)
                : round(value);
    }

    /**
     * Tells whether a value can be stored in this format: 32-bit floats hold all, the others what
     * {@link #round} gives.
     *
     * @param value any float
     * @return whether {@link #fromBits} gives it back, a negative zero as {@code +0}
     */
    public boolean holds(float value) {
        return this == FLOAT32
                || Float.floatToRawIntBits(value + 0f) == Float.floatToRawIntBits(round(value));
    }

    /**
     * Returns the bits of a value, as IEEE 754 lays them out.
     *
     * @param value a value that this format holds, or an infinity
     * @return the bits; beyond {@link #bits} all 0
     */
    public int toBits(float value) {
        int raw = Float.floatToRawIntBits(value);
        if (this == FLOAT32) {
            return raw;
        }
        int sign = raw >>> (Float.SIZE - 1) << (bits() - 1);
        int dropped = FLOAT32.fractionBits - fractionBits;
        if (Float.isNaN(value)) {
            return ((1 << (exponentBits + 1)) - 1) << (fractionBits - 1);
        }
        if (Float.isInfinite(value)) {
            return sign | ((1 << exponentBits) - 1) << fractionBits;
        }
        if (Math.getExponent(value) < leastExponent) { // a whole number of the least subnormals
            float steps = Math.scalb(Math.abs(value), fractionBits - leastExponent);
            return sign | (int) steps;
        }
        int exponent = Math.getExponent(value) - leastExponent + 1;
        int fraction = raw >>> dropped & ((1 << fractionBits) - 1);
        return sign | exponent << fractionBits | fraction;
    }

    /**
     * Returns the value of some bits.
     *
     * @param bits the bits; beyond {@link #bits} all 0
     * @return the value, which may be infinite or NaN
     */
    public float fromBits(int bits) {
        if (this == FLOAT32) {
            return Float.intBitsToFloat(bits);
        }
        int exponent = bits >>> fractionBits & ((1 << exponentBits) - 1);
        int fraction = bits & ((1 << fractionBits) - 1);
        float size;
        if (exponent == (1 << exponentBits) - 1) {
            size = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            int implied = exponent == 0 ? 0 : 1 << fractionBits;
            int power = Math.max(exponent, 1) - 1 + leastExponent - fractionBits;
            size = (float) Math.scalb((double) (implied | fraction), power);
        }
        return bits >>> (bits() - 1) == 0 ? size : -size;
    }
}
