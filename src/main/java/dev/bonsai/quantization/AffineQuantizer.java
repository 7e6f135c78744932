package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.bonsai.core.Tensors;
import dev.bonsai.encoding.FloatFormat;
import java.util.Locale;
import java.util.Objects;

/**
 * The arithmetic of a uniform grid: {@code code = clamp(round(value / scale) + zeroPoint)} and
 * {@code value = (code - zeroPoint) * scale}, rounding to the nearest code and a tie to the even
 * number of steps from zero.
 *
 * <p>Zero is always on the grid and becomes exactly {@code +0}. Up to 16 bits everything is
 * computed in 32-bit floats, which hold every code and its product with a scale as precisely as
 * {@link dev.bonsai.encoding.GridWeight} does; wider grids are computed in 64-bit floats, though a
 * scale is a 32-bit float always. Values must be finite and are read as if they were outside any
 * graph.
 *
 * <p>Jacob et al.: "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference", <a
 * href="https://arxiv.org/abs/1712.05877">arXiv:1712.05877</a>; Krishnamoorthi: "Quantizing deep
 * convolutional networks for efficient inference: A whitepaper", <a
 * href="https://arxiv.org/abs/1806.08342">arXiv:1806.08342</a>.
 *
 * @param bits the width of a code, from 2 to 32
 * @param mapping where the grid lies relative to zero; with free scales of 32 bits either, else
 *     {@link Mapping#SYMMETRIC}
 * @param scales which values a scale may take; where they are learned, these are their start
 * @param scaleFormat the format of a scale: 32-bit floats, or bfloat16 up to 8 bits
 */
public record AffineQuantizer(int bits, Mapping mapping, Scales scales, FloatFormat scaleFormat) {

    /** The widest grid that is computed in 32-bit floats. */
    static final int NARROW = 16;

    /**
     * The widest grid with scales of 16 bits: half of a scale's last place, {@code 2^-8} of it, is
     * less than half a step at the end of the grid, {@code 127 * 2^-8}, so that the greatest value
     * still is the last code and the scale is found again from the rounded values.
     */
    static final int SHORT_SCALES = 8;

    private static final float GREATEST_POWER = 0x1p127f;
    private static final int EXPONENT = 0x7f800000;

    /**
     * A range whose ends both lie halfway between two codes could be rounded inwards at both, and
     * quantizing twice would then shrink it once more. A grid that is too narrow by more than the
     * error of the division (3 roundings of 2^-24) has its ends rounded outwards, and clamped.
     */
    private static final float OUTWARDS = 1 - 0x1p-22f;

    /** Adding and subtracting it rounds a float of at most 2^22 to the nearest even integer. */
    private static final float FLOAT_ROUNDER = 0x1.8p23f;

    private static final double DOUBLE_ROUNDER = 0x1.8p52;

    public AffineQuantizer {
        checkBits(bits);
        checkScaleFormat(scaleFormat);
        boolean plain = scales == Scales.FREE && scaleFormat == FloatFormat.FLOAT32;
        if (mapping == Mapping.AFFINE && !plain) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "An affine grid has free scales of 32-bit floats, but got %s, %s: use"
                                    + " Mapping.SYMMETRIC, or leave the options out",
                            scales,
                            scaleFormat));
        }
        if (scaleFormat != FloatFormat.FLOAT32 && bits > SHORT_SCALES) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Scales of 16 bits are precise enough for 8 bits or fewer, but got %s"
                                    + " with %d bits: leave the format of the scales out",
                            scaleFormat,
                            bits));
        }
        Objects.requireNonNull(mapping, "mapping");
    }

    /**
     * Makes a grid with free scales.
     *
     * @param bits the width of a code, from 2 to 32
     * @param mapping where the grid lies relative to zero
     */
    public AffineQuantizer(int bits, Mapping mapping) {
        this(bits, mapping, Scales.FREE, FloatFormat.FLOAT32);
    }

    static FloatFormat checkScaleFormat(FloatFormat format) {
        if (format == FloatFormat.FLOAT16) {
            throw new IllegalArgumentException(
                    "A scale may be smaller than what FLOAT16 holds, 6e-8: use"
                            + " FloatFormat.BFLOAT16");
        }
        return Objects.requireNonNull(format, "format");
    }

    static int checkBits(int bits) {
        if (bits < 2 || bits > Integer.SIZE) {
            throw new IllegalArgumentException(
                    "A grid has from 2 to 32 bits a weight, but got "
                            + bits
                            + ": use 8 for a safe start, 4 or fewer to make the model small");
        }
        return bits;
    }

    /**
     * Returns the smallest code.
     *
     * @return {@code -2^(bits-1)}, and one more on a symmetric grid
     */
    public int lowestCode() {
        return mapping == Mapping.SYMMETRIC ? -highestCode() : -1 << (bits - 1);
    }

    /**
     * Returns the largest code.
     *
     * @return {@code 2^(bits-1) - 1}
     */
    public int highestCode() {
        return (int) ((1L << (bits - 1)) - 1);
    }

    /** The type in which the grid is computed. */
    DataType type() {
        return type(bits);
    }

    static DataType type(int bits) {
        return bits <= NARROW ? DataType.FLOAT32 : DataType.FLOAT64;
    }

    /**
     * Spans the grid over a range.
     *
     * <p>Where the range is empty, as in a group of zeros, or so small that the scale would not be
     * a normal float, the scale is 1: the values of such a group become 0.
     *
     * @param low the least value of each group, of the shape (groups, 1)
     * @param high the greatest value of each group, of the same shape and not below {@code low}
     * @return the parameters, of the same shape
     */
    public QuantizationParameters parameters(NDArray low, NDArray high) {
        try (Numbers numbers = numbers(low.getManager())) {
            return parameters(low, high, numbers);
        }
    }

    /** The same with numbers made before, which saves more time than the arithmetic takes. */
    QuantizationParameters parameters(NDArray low, NDArray high, Numbers numbers) {
        NDArray least = low.toType(type(), false);
        NDArray greatest = high.toType(type(), false);
        if (mapping == Mapping.SYMMETRIC) {
            NDArray bound = greatest.maximum(least.neg());
            NDArray scale = storable(usable(bound.divi(numbers.intervals()), numbers));
            return new QuantizationParameters(scale, scale.sub(scale));
        }
        least = least.minimum(0f);
        NDArray scale = greatest.maximum(0f).subi(least).divi(numbers.intervals());
        scale = usable(bits <= NARROW ? scale.muli(OUTWARDS) : scale, numbers);
        NDArray zeroPoint = round(least.div(scale)).negi().addi(lowestCode());
        // One step beyond the codes is possible on wide grids only, where the scale was rounded.
        return new QuantizationParameters(scale, zeroPoint.minimum((double) highestCode()));
    }

    private static NDArray usable(NDArray scale, Numbers numbers) {
        NDArray rounded = scale;
        if (scale.getDataType() == DataType.FLOAT64) {
            rounded = scale.toType(DataType.FLOAT32, true).toType(DataType.FLOAT64, true);
        }
        return rounded.addi(rounded.lt(numbers.leastScale())); // a tiny scale + 1 is 1
    }

    /** Rounds scales to what they may be: the nearest in the format, or the power of two above. */
    private NDArray storable(NDArray scale) {
        if (scales != Scales.POWER_OF_TWO && scaleFormat == FloatFormat.FLOAT32) {
            return scale;
        }
        float[] values = scale.toType(DataType.FLOAT32, false).toFloatArray();
        for (int i = 0; i < values.length; ++i) {
            values[i] =
                    scales == Scales.POWER_OF_TWO
                            ? powerOfTwo(values[i])
                            : scaleFormat.round(values[i]);
        }
        return Tensors.constant(scale.getManager(), values, scale.getShape()).toType(type(), false);
    }

    /** Returns the least power of two that is not below a normal float, or the greatest. */
    private static float powerOfTwo(float value) {
        float below = Float.intBitsToFloat(Float.floatToRawIntBits(value) & EXPONENT);
        return below == value ? value : Math.min(2 * below, GREATEST_POWER);
    }

    /**
     * The numbers of the arithmetic as arrays, for the second operand only.
     *
     * @param intervals the intervals of the grid from zero to its end, or from end to end if affine
     * @param leastScale the least normal float
     */
    record Numbers(NDArray intervals, NDArray leastScale) implements AutoCloseable {

        @Override
        public void close() {
            intervals.close();
            leastScale.close();
        }
    }

    /** Returns the numbers of this grid. */
    Numbers numbers(NDManager owner) {
        double intervals = (double) highestCode() - (mapping == Mapping.AFFINE ? lowestCode() : 0);
        return bits <= NARROW
                ? new Numbers(owner.create((float) intervals), owner.create(Float.MIN_NORMAL))
                : new Numbers(owner.create(intervals), owner.create((double) Float.MIN_NORMAL));
    }

    /**
     * Maps values to codes.
     *
     * @param values the values, such as (groups, elements)
     * @param parameters parameters that broadcast to the values
     * @return a new array of the shape of the values, with whole numbers in [{@link #lowestCode},
     *     {@link #highestCode}] as floats
     */
    public NDArray quantize(NDArray values, QuantizationParameters parameters) {
        return steps(values, parameters).addi(parameters.zeroPoint());
    }

    /**
     * Maps codes to values.
     *
     * @param codes the codes as floats
     * @param parameters the parameters that the codes were made with
     * @return a new array of the shape of the codes; 32-bit floats
     */
    public NDArray dequantize(NDArray codes, QuantizationParameters parameters) {
        return codes.toType(type(), false)
                .sub(parameters.zeroPoint())
                .muli(parameters.scale())
                .toType(DataType.FLOAT32, false);
    }

    /**
     * Maps values to the nearest values of the grid: {@link #quantize} and {@link #dequantize} in
     * one.
     *
     * @param values the values, such as (groups, elements)
     * @param parameters parameters that broadcast to the values
     * @return a new array of the shape of the values; 32-bit floats
     */
    public NDArray fakeQuantize(NDArray values, QuantizationParameters parameters) {
        return steps(values, parameters).muli(parameters.scale()).toType(DataType.FLOAT32, false);
    }

    private NDArray steps(NDArray values, QuantizationParameters parameters) {
        NDArray exact = values.stopGradient().toType(type(), false).div(parameters.scale());
        return clamp(round(exact), parameters);
    }

    /** Returns steps from zero that are cut down to the grid, as a new array. */
    NDArray clamp(NDArray steps, QuantizationParameters parameters) {
        return steps.maximum(lowestStep(parameters)).minimum(highestStep(parameters));
    }

    NDArray lowestStep(QuantizationParameters parameters) {
        return parameters.zeroPoint().neg().addi((double) lowestCode());
    }

    NDArray highestStep(QuantizationParameters parameters) {
        return parameters.zeroPoint().neg().addi((double) highestCode());
    }

    /**
     * Rounds to the nearest integer in place, a tie to the even one; a negative zero becomes {@code
     * +0}. The engine's own rounding allocates, which costs more than these two additions.
     */
    static NDArray round(NDArray exact) {
        try (NDArray rounder = rounder(exact.getDataType(), exact.getManager())) {
            return exact.addi(rounder).subi(rounder);
        }
    }

    /** Returns the number that rounds floats of a type when it is added and subtracted. */
    static NDArray rounder(DataType type, NDManager manager) {
        return type == DataType.FLOAT64
                ? manager.create(DOUBLE_ROUNDER)
                : manager.create(FLOAT_ROUNDER);
    }
}
