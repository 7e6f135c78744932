package dev.bonsai.onnx;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A file of ONNX that was written and found to compute what the model does.
 *
 * @param file the file
 * @param bytes its length
 * @param largestDifference the largest difference of an element of an output
 * @param largestOutput the largest element of an output, without its sign
 * @param form in which numbers it computes
 * @param decibels the signal-to-noise ratio of the output where it is least: 10 times the decimal
 *     logarithm of the sum of the squares of what the model computes, by that of the differences
 * @param top1Agreement the part of the rows whose largest element stands in the same place, where
 *     an output looks like scores: floats of rank 2
 * @param metric what was measured of the model and the file, if that was asked for
 */
public record OnnxExport(
        Path file,
        long bytes,
        OnnxForm form,
        double largestDifference,
        double largestOutput,
        double decibels,
        OptionalDouble top1Agreement,
        Optional<MetricChange> metric) {

    static OnnxExport of(
            Path file,
            long bytes,
            OnnxForm form,
            Comparison comparison,
            Optional<MetricChange> metric) {
        return new OnnxExport(
                file,
                bytes,
                form,
                comparison.difference(),
                comparison.largest(),
                comparison.decibels(),
                comparison.top1(),
                metric);
    }

    /**
     * Says the largest difference in steps of a symmetric 8-bit grid over the outputs.
     *
     * @return the steps, of which the largest output has 127
     */
    public double largestDifferenceInSteps() {
        return largestDifference == 0 ? 0 : largestDifference * 127 / largestOutput;
    }

    private String inSteps() {
        return String.format(
                Locale.ROOT,
                " (%.1f steps of 8 bits), %.1f dB",
                largestDifferenceInSteps(),
                decibels);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %,d bytes, %s; the largest difference is %.2g of outputs up to %.3g%s%s%s",
                file,
                bytes,
                form,
                largestDifference,
                largestOutput,
                form == OnnxForm.FLOAT32 ? "" : inSteps(),
                top1Agreement.isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "; %.1f %% of the rows have the same largest element",
                                100 * top1Agreement.getAsDouble())
                        : "",
                metric.map(change -> "; " + change).orElse(""));
    }
}
