package dev.bonsai.onnx;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.ExactWeight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bias of an integer kernel: 32-bit codes whose scale is that of the products. */
record IntegerBias(ExactWeight codes, float[] scales) {

    /** Half of what 32 bits hold, so that the products have room beside it. */
    private static final double MOST = 1 << 30;

    /** The least scale that a weight may have for its bias to fit. */
    static float[] leastScales(IntegerTarget target, int channels, float step) {
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

    /** Rounds a bias; behind its end there are zeros. */
    static IntegerBias of(float[] bias, float[] weightScales, float step) {
        ByteBuffer codes =
                ByteBuffer.allocate(weightScales.length * Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        float[] scales = new float[weightScales.length];
        for (int i = 0; i < scales.length; ++i) {
            scales[i] = step * weightScales[i];
            codes.putInt(i < bias.length ? (int) Math.rint((double) bias[i] / scales[i]) : 0);
        }
        return new IntegerBias(
                new ExactWeight(new int[] {scales.length}, ElementType.INT32, codes.array()),
                scales);
    }
}
