package dev.bonsai.activation;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.ExactWeight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The bias of an integer kernel: 32-bit codes whose scale is that of the products.
 *
 * @param codes the codes, one per output channel
 * @param scales the scale of each
 */
public record IntegerBias(ExactWeight codes, float[] scales) {

    /** Half of what 32 bits hold, so that the products have room beside it. */
    private static final double MOST = 1 << 30;

    /**
     * Returns the least scale that a weight may have for its bias to fit.
     *
     * @param target the product
     * @param channels the number of output channels
     * @param step the scale of what is multiplied
     * @return a scale per output channel
     */
    public static float[] leastScales(IntegerTarget target, int channels, float step) {
        float[] least = new float[channels];
        target.bias()
                .ifPresent(
                        bias -> {
                            for (int i = 0; i < channels; ++i) {
                                least[i] = (float) (Math.abs(bias[i]) / (step * MOST));
                            }
                        });
        return least;
    }

    /**
     * Rounds a bias; behind its end there are zeros.
     *
     * @param bias the bias
     * @param weightScales the scale of the weight per output channel
     * @param step the scale of what is multiplied
     * @return the codes, as many as there are scales
     */
    public static IntegerBias of(float[] bias, float[] weightScales, float step) {
        ByteBuffer codes =
                ByteBuffer.allocate(weightScales.length * Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        float[] scales = new float[weightScales.length];
        for (int i = 0; i < scales.length; ++i) {
            scales[i] = step * weightScales[i];
            codes.putInt(i < bias.length ? code(bias[i], scales[i]) : 0);
        }
        return new IntegerBias(
                new ExactWeight(new int[] {scales.length}, ElementType.INT32, codes.array()),
                scales);
    }

    private static int code(float bias, float scale) {
        return (int) Math.rint((double) bias / scale);
    }

    /**
     * Returns what a bias is in integers, in floats again.
     *
     * @param bias the bias
     * @param weightScales the scale of the weight per output channel
     * @param step the scale of what is multiplied
     * @return the rounded bias
     */
    public static float[] rounded(float[] bias, float[] weightScales, float step) {
        float[] rounded = new float[bias.length];
        for (int i = 0; i < rounded.length; ++i) {
            float scale = step * weightScales[i];
            rounded[i] = code(bias[i], scale) * scale;
        }
        return rounded;
    }
}
