package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.bonsai.core.ForwardPass.Mode;
import java.util.Locale;

/**
 * Finds the range of one batch of an activation.
 *
 * @param bits the width of the grid that will span it
 * @param estimator finds it
 */
record ActivationRanges(int bits, RangeEstimator estimator) {

    /**
     * Returns the range of the first batch.
     *
     * @param name the name of the value
     * @throws IllegalArgumentException if it is not finite, so that nothing can be rounded to it
     */
    float[] first(String name, NDArray value) {
        float[] range = of(value);
        if (!Float.isFinite(range[0]) || !Float.isFinite(range[1])) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "The value '%s' of the network reaches from %s to %s for an input of the"
                                    + " training, and no grid spans that: use large finite numbers"
                                    + " in place of infinities, or leave the product out with a"
                                    + " WeightSelector",
                            name,
                            range[0],
                            range[1]));
        }
        return range;
    }

    /**
     * Returns the range, 0 included.
     *
     * @param value the value, outside any graph
     * @return the least and the greatest value
     */
    float[] of(NDArray value) {
        if (value.getShape().size() == 0) {
            return new float[2];
        }
        // beyond, no range has a greater error than another
        int width = Math.min(bits, AffineQuantizer.NARROW);
        AffineQuantizer quantizer = new AffineQuantizer(width, Mapping.AFFINE);
        try (NDManager scratch = value.getManager().newSubManager()) {
            NDArray row = value.stopGradient().reshape(new Shape(1, value.getShape().size()));
            row.attach(scratch);
            Range range = estimator.estimate(row, quantizer, Mode.TRAINING);
            return new float[] {
                Math.min(0, range.low().toFloatArray()[0]),
                Math.max(0, range.high().toFloatArray()[0])
            };
        }
    }
}
