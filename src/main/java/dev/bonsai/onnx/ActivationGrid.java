package dev.bonsai.onnx;

import dev.bonsai.onnx.HistogramRule.Bounds;

/** The unsigned 8-bit grid of an activation: value = (code - zeroPoint) * scale. */
record ActivationGrid(float scale, int zeroPoint) {

    /** The highest code. */
    static final int STEPS = 255;

    /** The grid that spans a range; 0 has a code of its own. */
    static ActivationGrid of(Bounds bounds) {
        double step = (bounds.high() - bounds.low()) / STEPS;
        float scale = step == 0 ? 1f : (float) Math.max(step, Float.MIN_NORMAL);
        long zero = Math.round(-bounds.low() / scale);
        return new ActivationGrid(scale, (int) Math.min(STEPS, Math.max(0, zero)));
    }
}
