package dev.bonsai.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.stream.IntStream;

/** Chooses other roundings so that the errors of a group cancel: {@link ErrorCorrection#MEAN}. */
final class MeanCorrection {

    /** Differences from a code below this share of the code are the rounding of the division. */
    private static final double ON_GRID = 1e-6;

    private final AffineQuantizer quantizer;
    private final double[] scaled;
    private final double[] centred;
    private final double[] zeroPoints;
    private final int groupLength;

    private MeanCorrection(
            AffineQuantizer quantizer, NDArray scaled, NDArray centred, NDArray zeroPoint) {
        this.quantizer = quantizer;
        this.scaled = doubles(scaled);
        this.centred = doubles(centred);
        this.zeroPoints = zeroPoint == null ? null : doubles(zeroPoint);
        groupLength = Math.toIntExact(scaled.getShape().get(1));
    }

    /**
     * Rounds a matrix again.
     *
     * @param quantizer says how far codes go
     * @param scaled the numbers before rounding, of shape (groups, elements)
     * @param centred their roundings, counted from the zero point
     * @param zeroPoint the codes of zero, or null where they are 0
     * @return other roundings of the same numbers
     */
    static NDArray apply(
            AffineQuantizer quantizer, NDArray scaled, NDArray centred, NDArray zeroPoint) {
        MeanCorrection correction = new MeanCorrection(quantizer, scaled, centred, zeroPoint);
        int groups = correction.scaled.length / correction.groupLength;
        for (int group = 0; group < groups; ++group) {
            correction.correct(group);
        }
        return scaled.getManager()
                .create(correction.centred, scaled.getShape())
                .toType(centred.getDataType(), false);
    }

    private static double[] doubles(NDArray array) {
        return array.toType(DataType.FLOAT64, false).toDoubleArray();
    }

    private void correct(int group) {
        int begin = group * groupLength;
        double sum = 0;
        for (int i = begin; i < begin + groupLength; ++i) {
            sum += error(i);
        }
        int step = sum > 0 ? 1 : -1;
        long flips = (long) Math.rint(Math.abs(sum));
        double zeroPoint = zeroPoints == null ? 0 : zeroPoints[group];
        // the largest errors in the direction of the sum, the lowest index first among equals
        IntStream.range(begin, begin + groupLength)
                .filter(i -> isMovable(i, step, zeroPoint))
                .boxed()
                .sorted((a, b) -> Double.compare(step * error(b), step * error(a)))
                .limit(flips)
                .forEach(i -> centred[i] += step);
    }

    /** How far, in steps, the number lies above its code. */
    private double error(int i) {
        double error = scaled[i] - centred[i];
        return Math.abs(error) <= ON_GRID * Math.max(1, Math.abs(scaled[i])) ? 0 : error;
    }

    /** Whether the number lies between its code and the next one, which exists. */
    private boolean isMovable(int i, int step, double zeroPoint) {
        double code = centred[i] + step + zeroPoint;
        return step * error(i) > 0 && code >= quantizer.lowest() && code <= quantizer.highest();
    }
}
