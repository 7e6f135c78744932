package dev.bonsai.onnx;

import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A file of ONNX that was written and found to compute what the model does.
 *
 * @param file the file
 * @param bytes its length
 * @param largestDifference the largest difference of an element of an output
 * @param largestOutput the largest element of an output, without its sign
 * @param top1Agreement the part of the rows whose largest element stands in the same place, where
 *     an output looks like scores: floats of rank 2
 */
public record OnnxExport(
        Path file,
        long bytes,
        double largestDifference,
        double largestOutput,
        OptionalDouble top1Agreement) {

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %,d bytes; the largest difference is %.2g of outputs up to %.3g%s",
                file,
                bytes,
                largestDifference,
                largestOutput,
                top1Agreement.isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "; %.1f %% of the rows have the same largest element",
                                100 * top1Agreement.getAsDouble())
                        : "");
    }
}
