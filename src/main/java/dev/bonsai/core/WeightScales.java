package dev.bonsai.core;

import dev.bonsai.encoding.ScaleLayout;

/**
 * The distances of neighbours on the symmetric grid that a weight is rounded to.
 *
 * @param layout which elements share a scale
 * @param scales one per group
 */
public record WeightScales(ScaleLayout layout, float[] scales) {

    /**
     * Returns the scales of the output channels, each that of its first element.
     *
     * @param shape the shape of the weight
     * @param axis the axis of the output channels
     * @return one per channel
     */
    public float[] perChannel(int[] shape, int axis) {
        int inner = 1;
        for (int i = axis + 1; i < shape.length; ++i) {
            inner *= shape[i];
        }
        float[] channels = new float[shape[axis]];
        for (int i = 0; i < channels.length; ++i) {
            channels[i] = scales[layout.groupOf(i * inner)];
        }
        return channels;
    }
}
