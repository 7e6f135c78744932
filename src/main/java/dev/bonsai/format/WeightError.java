package dev.bonsai.format;

/**
 * How far an effective weight is from the original.
 *
 * @param mse the mean squared error
 * @param sqnrDb the ratio of signal to quantization noise, {@code 10 log10(sum x^2 / sum e^2)}, in
 *     dB; infinite without an error
 * @param maxError the largest absolute error
 * @param meanError the mean error, with its sign
 */
public record WeightError(double mse, double sqnrDb, double maxError, double meanError) {

    /**
     * Compares two weights.
     *
     * @param original the values before
     * @param effective the values after
     * @return their distance
     */
    public static WeightError of(float[] original, float[] effective) {
        double signal = 0;
        double noise = 0;
        double max = 0;
        double sum = 0;
        for (int i = 0; i < original.length; ++i) {
            double error = (double) effective[i] - original[i];
            signal += (double) original[i] * original[i];
            noise += error * error;
            max = Math.max(max, Math.abs(error));
            sum += error;
        }
        int n = Math.max(1, original.length);
        double sqnr = noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
        return new WeightError(noise / n, sqnr, max, sum / n);
    }
}
