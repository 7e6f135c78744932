package dev.bonsai.onnx;

import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.GridWeight;
import java.util.Arrays;

/**
 * A weight as 4-bit codes from 0 to 15, with a scale and a zero point per block of a row: value =
 * (code - zero point) * scale. 0 is the zero point.
 *
 * @param rows the rows, one per output channel
 * @param length the elements of a row
 * @param block the elements of a block; the last of a row is filled with zeros
 * @param codes the codes of all blocks
 * @param scales a scale per block
 * @param zeros a zero point per block
 */
record BlockWeight(int rows, int length, int block, byte[] codes, float[] scales, byte[] zeros) {

    static final int BITS = 4;

    private static final int MIDDLE = 8;
    private static final int HIGHEST = 15;

    /** The blocks of a row. */
    int blocks() {
        return scales.length / rows;
    }

    /**
     * Puts a matrix on grids. One that lies on a symmetric grid of at most 4 bits already keeps it.
     *
     * @param axis the axis of the output channels
     * @throws OnnxExportException if its grid can't be said by a scale per block
     */
    static BlockWeight of(String path, EncodedWeight value, int axis, OnnxQuantization form)
            throws OnnxExportException {
        int rows = value.shape()[axis];
        int length = value.shape()[1 - axis];
        int block = form.blockSize();
        int blocks = (length + block - 1) / block;
        BlockWeight weight =
                new BlockWeight(
                        rows,
                        length,
                        block,
                        new byte[rows * blocks * block],
                        new float[rows * blocks],
                        new byte[rows * blocks]);
        Arrays.fill(weight.codes, (byte) MIDDLE);
        Arrays.fill(weight.zeros, (byte) MIDDLE);
        Arrays.fill(weight.scales, 1f);
        if (value instanceof GridWeight grid) {
            weight.keep(path, grid, axis);
        } else {
            weight.round(value.decode(), axis, form.isSymmetric());
        }
        return weight;
    }

    /** Where an element of the matrix stands. */
    private int source(int row, int column, int axis) {
        return axis == 0 ? row * length + column : column * rows + row;
    }

    private void keep(String path, GridWeight grid, int axis) throws OnnxExportException {
        if (grid.bits() > BITS || !grid.isSymmetric()) {
            throw unfit(path, grid.bits() + " bits, or zero points that are not 0");
        }
        for (int row = 0; row < rows; ++row) {
            for (int column = 0; column < length; ++column) {
                int at = source(row, column, axis);
                int in = row * blocks() + column / block;
                float scale = grid.scales()[grid.layout().groupOf(at)];
                if (column % block > 0 && scales[in] != scale) {
                    throw unfit(path, "several scales in a block of " + block);
                }
                scales[in] = scale;
                codes[in * block + column % block] = (byte) (MIDDLE + grid.codes().get(at));
            }
        }
    }

    private static OnnxExportException unfit(String path, String reason) {
        return new OnnxExportException(
                "The weight '"
                        + path
                        + "' lies on a grid that 4-bit blocks can't say: "
                        + reason
                        + ". Train it symmetric, in at most 4 bits, per channel or in groups that"
                        + " blocks divide, or keep it with OnnxQuantization.optFloat(\""
                        + path
                        + "\")");
    }

    private void round(float[] values, int axis, boolean symmetric) {
        for (int in = 0; in < scales.length; ++in) {
            int row = in / blocks();
            int from = in % blocks() * block;
            int to = Math.min(length, from + block);
            float low = 0;
            float high = 0;
            for (int column = from; column < to; ++column) {
                float value = values[source(row, column, axis)];
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            if (low == high) {
                continue;
            }
            span(in, low, high, symmetric);
            for (int column = from; column < to; ++column) {
                double code =
                        zeros[in]
                                + Math.rint(
                                        (double) values[source(row, column, axis)] / scales[in]);
                codes[in * block + column - from] = (byte) Math.max(0, Math.min(HIGHEST, code));
            }
        }
    }

    /** The outermost value has a code of its own; of 16 codes one side has one more. */
    private void span(int in, float low, float high, boolean symmetric) {
        if (symmetric) {
            scales[in] = (-low > high ? low : high) / -MIDDLE;
        } else {
            scales[in] = (high - low) / HIGHEST;
            zeros[in] = (byte) Math.rint(-low / scales[in]);
        }
        if (Math.abs(scales[in]) < Float.MIN_NORMAL) {
            scales[in] = Float.MIN_NORMAL;
        }
    }

    /** Two codes a byte, the first in the lower half; each row of codes begins with a byte. */
    static byte[] packed(byte[] codes, int rowLength) {
        int bytes = (rowLength + 1) / 2;
        byte[] packed = new byte[codes.length / rowLength * bytes];
        for (int i = 0; i < codes.length; ++i) {
            int at = i / rowLength * bytes + i % rowLength / 2;
            packed[at] |= (byte) ((codes[i] & HIGHEST) << (i % rowLength % 2 * BITS));
        }
        return packed;
    }
}
