package dev.bonsai.onnx;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.ExactWeight;
import dev.bonsai.encoding.GridWeight;
import java.util.Arrays;

/**
 * A weight as signed 8-bit codes with a scale per output channel; 0 is code 0.
 *
 * @param codes the codes, in the shape of the weight
 * @param scales the scale of each channel
 */
record IntegerWeight(ExactWeight codes, float[] scales) {

    /** The unsigned code of 0, where codes are written as unsigned ones. */
    private static final int MIDDLE = 128;

    /** Two products of so large a code with 255 fit into 16 bits: 2 * 255 * 64 < 2^15. */
    private static final int NARROW = 64;

    private static final int MOST_BITS = 8;

    /**
     * Puts a weight on a grid. One that is on a grid already keeps it.
     *
     * @param path what it is called
     * @param value the weight
     * @param axis the axis of the output channels
     * @param bits the bits of a code, as far as the weight is on no grid yet
     * @param least the least scale that each channel may have
     * @throws OnnxExportException if its grid can't be said by a scale per channel
     */
    static IntegerWeight of(String path, EncodedWeight value, int axis, int bits, float[] least)
            throws OnnxExportException {
        return value instanceof GridWeight grid
                ? kept(path, grid, axis, least)
                : nearest(value, axis, bits, least);
    }

    /** How far the channels are from one another. */
    private static int inner(int[] shape, int axis) {
        int inner = 1;
        for (int dim : Arrays.copyOfRange(shape, axis + 1, shape.length)) {
            inner *= dim;
        }
        return inner;
    }

    private static IntegerWeight kept(String path, GridWeight grid, int axis, float[] least)
            throws OnnxExportException {
        if (grid.bits() > MOST_BITS || !grid.isSymmetric()) {
            throw unfit(
                    path, grid.bits() + " bits and zero points other than 0 or more than 8 bits");
        }
        int inner = inner(grid.shape(), axis);
        float[] scales = new float[grid.shape()[axis]];
        byte[] codes = new byte[grid.size()];
        for (int i = 0; i < codes.length; ++i) {
            int channel = i / inner % scales.length;
            float scale = grid.scales()[grid.layout().groupOf(i)];
            if (scales[channel] != 0 && scales[channel] != scale) {
                throw unfit(path, "several scales in one output channel");
            }
            scales[channel] = scale;
            codes[i] = (byte) grid.codes().get(i);
        }
        for (int i = 0; i < scales.length; ++i) {
            if (scales[i] < least[i]) {
                throw unfit(path, "a scale so small that the bias needs more than 32 bits");
            }
        }
        return new IntegerWeight(new ExactWeight(grid.shape(), ElementType.INT8, codes), scales);
    }

    private static OnnxExportException unfit(String path, String reason) {
        return new OnnxExportException(
                "The weight '"
                        + path
                        + "' lies on a grid that int8 with a scale per output channel can't say: "
                        + reason
                        + ". Train it symmetric, per channel or per tensor, in at most 8 bits, or"
                        + " keep it with OnnxQuantization.optFloat(\""
                        + path
                        + "\")");
    }

    private static IntegerWeight nearest(EncodedWeight value, int axis, int bits, float[] least) {
        int inner = inner(value.shape(), axis);
        float[] values = value.decode();
        float[] scales = new float[value.shape()[axis]];
        for (int i = 0; i < values.length; ++i) {
            int channel = i / inner % scales.length;
            scales[channel] = Math.max(scales[channel], Math.abs(values[i]));
        }
        int highest = (1 << (bits - 1)) - 1;
        for (int i = 0; i < scales.length; ++i) {
            scales[i] =
                    scales[i] == 0
                            ? Math.max(1, least[i])
                            : Math.max(Float.MIN_NORMAL, Math.max(least[i], scales[i] / highest));
        }
        byte[] codes = new byte[values.length];
        for (int i = 0; i < values.length; ++i) {
            double code = Math.rint((double) values[i] / scales[i / inner % scales.length]);
            codes[i] = (byte) Math.max(-highest, Math.min(highest, code));
        }
        return new IntegerWeight(new ExactWeight(value.shape(), ElementType.INT8, codes), scales);
    }

    /**
     * Codes as a file holds them.
     *
     * @param codes signed or unsigned ones
     * @param zero the code of 0
     */
    record Written(ExactWeight codes, int zero) {}

    /**
     * Returns the codes as a file holds them: signed ones if they are narrow, and else unsigned
     * ones with {@link #MIDDLE} added, which is their zero point then: the same values.
     *
     * <p>Where a processor has no VNNI, ONNX Runtime multiplies unsigned activations by signed
     * weights with an instruction that adds two products in 16 bits, and what does not fit is lost.
     * By unsigned weights it multiplies in 32 bits there, which takes longer; with VNNI both have
     * one kernel.
     */
    Written written() {
        byte[] moved = codes.data().clone();
        boolean isNarrow = true;
        for (int i = 0; i < moved.length; ++i) {
            isNarrow &= Math.abs(moved[i]) <= NARROW;
            moved[i] = (byte) (moved[i] + MIDDLE);
        }
        return isNarrow
                ? new Written(codes, 0)
                : new Written(new ExactWeight(codes.shape(), ElementType.UINT8, moved), MIDDLE);
    }

    /** Adds output channels of zeros behind the last. */
    IntegerWeight padded(int axis, int more) {
        if (more == 0) {
            return this;
        }
        int[] shape = codes.shape().clone();
        int old = shape[axis] * inner(shape, axis);
        shape[axis] += more;
        int now = shape[axis] * inner(shape, axis);
        byte[] wider = new byte[codes.size() / old * now];
        for (int from = 0; from < codes.size(); from += old) {
            System.arraycopy(codes.data(), from, wider, from / old * now, old);
        }
        float[] moreScales = Arrays.copyOf(scales, shape[axis]);
        Arrays.fill(moreScales, scales.length, shape[axis], 1f);
        return new IntegerWeight(new ExactWeight(shape, ElementType.INT8, wider), moreScales);
    }

    /** Turns a matrix. */
    IntegerWeight transposed() {
        int rows = codes.shape()[0];
        int columns = codes.shape()[1];
        byte[] turned = new byte[codes.size()];
        for (int i = 0; i < turned.length; ++i) {
            turned[i % columns * rows + i / columns] = codes.data()[i];
        }
        return new IntegerWeight(
                new ExactWeight(new int[] {columns, rows}, ElementType.INT8, turned), scales);
    }
}
