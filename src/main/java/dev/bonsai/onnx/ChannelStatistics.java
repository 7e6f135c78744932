package dev.bonsai.onnx;

import dev.bonsai.runtime.Tensor;

/** How large a value gets at each place along its last axis, over all batches. */
final class ChannelStatistics {

    private final float[] peaks;
    private final double[] squares;
    private long count;

    ChannelStatistics(int width) {
        peaks = new float[width];
        squares = new double[width];
    }

    /** Returns statistics as wide as a value. */
    static ChannelStatistics of(Tensor value) {
        return new ChannelStatistics(width(value));
    }

    private static int width(Tensor value) {
        int[] shape = value.shape();
        return shape.length == 0 ? 1 : shape[shape.length - 1];
    }

    /** Adds a value; one of another width, which has no channels there, is left out. */
    void add(Tensor value) {
        if (width(value) != peaks.length) {
            return;
        }
        float[] values = value.floats();
        for (int i = 0; i < values.length; ++i) {
            int channel = i % peaks.length;
            peaks[channel] = Math.max(peaks[channel], Math.abs(values[i]));
            squares[channel] += (double) values[i] * values[i];
        }
        count += values.length / peaks.length;
    }

    int channels() {
        return peaks.length;
    }

    /** The largest element of a channel, without its sign. */
    float peak(int channel) {
        return peaks[channel];
    }

    /** The mean of the squares of a channel's elements. */
    double meanSquare(int channel) {
        return squares[channel] / Math.max(1, count);
    }
}
