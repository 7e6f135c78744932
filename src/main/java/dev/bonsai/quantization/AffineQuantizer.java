package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * The arithmetic of uniform quantization, on matrices with one group of weights a row.
 *
 * <pre>
 * code = clamp(round(x / scale) + zeroPoint, lowest, highest)
 * real = (code - zeroPoint) * scale
 * </pre>
 *
 * <p>Jacob et al.: "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference", <a
 * href="https://arxiv.org/abs/1712.05877">arXiv:1712.05877</a>.
 *
 * <p>Results belong to the manager of the matrix. Codes are whole numbers in 32-bit floats, or in
 * 64-bit floats above 16 bits.
 *
 * @param bits the width of a code, from 2 to 32
 * @param mapping how the range is laid on the codes
 */
public record AffineQuantizer(int bits, Mapping mapping) {

    /** The widest codes that 32-bit floats are exact for, products with a scale included. */
    static final int MAX_SINGLE_PRECISION_BITS = 16;

    /** Checks the width. */
    public AffineQuantizer {
        if (bits < 2 || bits > Integer.SIZE) {
            throw new IllegalArgumentException(
                    "A code has from 2 to 32 bits, but got " + bits + ": see Quantization.setBits");
        }
    }

    /**
     * Returns the lowest code.
     *
     * @return the code, negative
     */
    public long lowest() {
        return mapping == Mapping.SYMMETRIC ? -highest() : -highest() - 1;
    }

    /**
     * Returns the highest code.
     *
     * @return the code, positive
     */
    public long highest() {
        return (1L << (bits - 1)) - 1;
    }

    /**
     * Works out the grid for a range.
     *
     * <p>A group whose range is zero alone has the scale 1.
     *
     * @param low the lowest value of each group to represent, of shape (groups, 1)
     * @param high the highest
     * @return the grid
     */
    public QuantizationParameters parameters(NDArray low, NDArray high) {
        if (mapping == Mapping.SYMMETRIC) {
            return symmetric(low.neg().maximum(high).maximum(0f));
        }
        NDArray from = low.minimum(0f);
        NDArray scale = positive(high.maximum(0f).sub(from).div((double) highest() - lowest()));
        NDArray zeroPoint = from.div(scale).neg().round().addi(lowest()).clip(lowest(), highest());
        return new QuantizationParameters(scale, zeroPoint);
    }

    /** The symmetric grid for the largest absolute value of each group. */
    QuantizationParameters symmetric(NDArray bound) {
        return new QuantizationParameters(positive(bound.div((double) highest())), null);
    }

    private static NDArray positive(NDArray scale) {
        NDArray zero = scale.eq(0f).toType(scale.getDataType(), false);
        return scale.addi(zero);
    }

    /**
     * Divides by the scale, in the precision of the codes: the codes before they are rounded and
     * moved to the zero point.
     *
     * @param matrix the values, of shape (groups, elements), outside any graph
     * @param grid the grid
     * @return a new matrix
     */
    public NDArray scaled(NDArray matrix, QuantizationParameters grid) {
        if (bits <= MAX_SINGLE_PRECISION_BITS) {
            return matrix.div(grid.scale());
        }
        return matrix.toType(DataType.FLOAT64, false)
                .div(grid.scale().toType(DataType.FLOAT64, false));
    }

    /**
     * Clamps codes.
     *
     * @param centred whole numbers, counted from the zero point
     * @param grid the grid
     * @return whole numbers, counted from the zero point, whose codes lie in the range
     */
    public NDArray clamped(NDArray centred, QuantizationParameters grid) {
        if (grid.zeroPoint() == null) {
            return centred.clip(lowest(), highest());
        }
        NDArray zeroPoint = grid.zeroPoint().toType(centred.getDataType(), false);
        return centred.addi(zeroPoint).clip(lowest(), highest()).subi(zeroPoint);
    }

    /**
     * Returns the reals of codes.
     *
     * @param centred whole numbers, counted from the zero point; they are overwritten
     * @param grid the grid
     * @return 32-bit floats, {@code centred * scale}
     */
    public NDArray dequantized(NDArray centred, QuantizationParameters grid) {
        NDArray scale = grid.scale().toType(centred.getDataType(), false);
        return centred.muli(scale).toType(DataType.FLOAT32, false);
    }

    /**
     * Quantizes to the nearest codes and goes back to reals.
     *
     * @param matrix the values, of shape (groups, elements), outside any graph
     * @param grid the grid
     * @return the nearest values on the grid
     */
    public NDArray fakeQuantize(NDArray matrix, QuantizationParameters grid) {
        return dequantized(clamped(scaled(matrix, grid).round(), grid), grid);
    }
}
