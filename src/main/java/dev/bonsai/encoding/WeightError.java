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
    public static WeightError of(EncodedWeight original, EncodedWeight effective) {
        if (original.size() != effective.size()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "Two weights of the same length can be compared, but got %d and %d"
                                    + " elements",
                            original.size(),
                            effective.size()));
        }
        Sums sums = new Sums();
        original.forEachBlock(
                (from, values, length) -> {
                    float[] changed = new float[length];
                    effective.decode(from, changed, length);
                    for (int i = 0; i < length; ++i) {
                        sums.add(values[i], changed[i]);
                    }
                });
        return sums.over(Math.max(1, original.size()));
    }

    /**
     * Compares the values of two weights.
     *
     * @param original the values as they were
     * @param effective the values that take their place, as many
     * @return the error
     */
    public static WeightError of(float[] original, float[] effective) {
        return of(
                new DenseWeight(new int[] {original.length}, original),
                new DenseWeight(new int[] {effective.length}, effective));
    }

    private static final class Sums {

        private double signal;
        private double noise;
        private double sum;
        private double max;

        void add(double original, double effective) {
            double error = effective - original;
            signal += original * original;
            noise += error * error;
            sum += error;
            max = Math.max(max, Math.abs(error));
        }

        WeightError over(int count) {
            double ratio = noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
            return new WeightError(noise / count, ratio, max, sum / count);
        }
    }
}
