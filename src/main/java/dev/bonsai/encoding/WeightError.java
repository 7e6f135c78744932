package dev.bonsai.encoding;

import java.util.Locale;

/**
 * How far an effective weight is from the original, with the error {@code e = effective - original}
 * of each element.
 *
 * <p>No elements have no error: 0, and an infinite ratio.
 *
 * @param mse the mean squared error, {@code sum(e^2) / n}
 * @param sqnrDb the signal to quantization noise ratio in dB, {@code 10 log10(sum(original^2) /
 *     sum(e^2))}; positive infinity without any error, negative infinity if the original is all
 *     zero and the effective weight is not
 * @param maxError the largest magnitude of an error
 * @param meanError the mean error, which shifts the outputs of a layer
 */
public record WeightError(double mse, double sqnrDb, double maxError, double meanError) {

    /**
     * Compares two weights.
     *
     * @param original the weight as it was
     * @param effective the weight that takes its place, of the same length
     * @return the error
     */
    public static WeightError of(float[] original, float[] effective) {
        if (original.length != effective.length) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Two weights of the same length can be compared, but got %d and %d"
                                    + " elements",
                            original.length,
                            effective.length));
        }
        double signal = 0;
        double noise = 0;
        double sum = 0;
        double max = 0;
        for (int i = 0; i < original.length; ++i) {
            double error = (double) effective[i] - original[i];
            signal += (double) original[i] * original[i];
            noise += error * error;
            sum += error;
            max = Math.max(max, Math.abs(error));
        }
        int count = Math.max(1, original.length);
        double ratio = noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
        return new WeightError(noise / count, ratio, max, sum / count);
    }
}
