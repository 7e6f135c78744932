package dev.bonsai.onnx;

import dev.bonsai.encoding.ElementType;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.graph.type.Constants;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Gathers by how much the outputs of a file differ from those of a model. */
final class Comparison {

    private static final int SCORES_RANK = 2;

    private final double tolerance;
    private double difference;
    private double largest;
    private long rows;
    private long agreeing;
    private final Map<String, Power> powers = new LinkedHashMap<>();

    /** The squares of an output's elements, and of the differences, summed over all runs. */
    private record Power(double signal, double noise) {

        Power plus(Power other) {
            return new Power(signal + other.signal, noise + other.noise);
        }

        double decibels() {
            return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
        }
    }

    Comparison(double tolerance) {
        this.tolerance = tolerance;
    }

    /**
     * Compares the outputs of one run.
     *
     * @throws OnnxExportException if they differ by too much, in type or in shape
     */
    void add(List<String> names, List<EncodedWeight> file, List<EncodedWeight> model)
            throws OnnxExportException {
        if (file.size() != model.size()) {
            throw mismatch("has " + file.size() + " outputs instead of " + model.size());
        }
        for (int i = 0; i < names.size(); ++i) {
            add("'" + names.get(i) + "'", file.get(i), model.get(i));
        }
    }

    private void add(String name, EncodedWeight file, EncodedWeight model)
            throws OnnxExportException {
        ElementType type = Constants.type(model);
        if (Constants.type(file) != type || !Arrays.equals(file.shape(), model.shape())) {
            throw mismatch(
                    "gives "
                            + Constants.type(file)
                            + Arrays.toString(file.shape())
                            + " as "
                            + name
                            + " instead of "
                            + type
                            + Arrays.toString(model.shape()));
        }
        float[] given = file.decode();
        float[] expected = model.decode();
        double own = 0;
        double top = 0;
        double signal = 0;
        double noise = 0;
        for (int i = 0; i < given.length; ++i) {
            if (Float.compare(given[i], expected[i]) != 0) {
                double distance = Math.abs((double) given[i] - expected[i]);
                own = Double.isNaN(distance) ? Double.POSITIVE_INFINITY : Math.max(own, distance);
                noise += distance * distance;
            }
            signal += (double) expected[i] * expected[i];
            if (Float.isFinite(expected[i])) {
                top = Math.max(top, Math.abs(expected[i]));
            }
        }
        // one unit is allowed where a value is all but 0
        if (own > tolerance * Math.max(top, Float.MIN_NORMAL)) {
            throw mismatch(
                    "differs by "
                            + own
                            + " in "
                            + name
                            + ", whose largest element is "
                            + top
                            + "; allowed is a part of "
                            + tolerance
                            + " of that");
        }
        difference = Math.max(difference, own);
        largest = Math.max(largest, top);
        if (Constants.isFloat(type)) {
            powers.merge(name, new Power(signal, noise), Power::plus);
        }
        if (Constants.isFloat(type) && model.shape().length == SCORES_RANK) {
            countRows(given, expected, model.shape()[1]);
        }
    }

    private static OnnxExportException mismatch(String text) {
        return new OnnxExportException(
                "The file "
                        + text
                        + ": it does not compute what the model does, so that none was written."
                        + " ExportCheck says what is compared");
    }

    private void countRows(float[] given, float[] expected, int width) {
        for (int from = 0; width > 1 && from < expected.length; from += width) {
            ++rows;
            if (largestOf(given, from, width) == largestOf(expected, from, width)) {
                ++agreeing;
            }
        }
    }

    private static int largestOf(float[] values, int from, int width) {
        int best = from;
        for (int i = from; i < from + width; ++i) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    double difference() {
        return difference;
    }

    double largest() {
        return largest;
    }

    /** The signal-to-noise ratio, in decibels, of the output whose it is least. */
    double decibels() {
        double least = Double.POSITIVE_INFINITY;
        for (Power power : powers.values()) {
            double own = power.decibels();
            least = Double.isNaN(own) ? Double.NEGATIVE_INFINITY : Math.min(least, own);
        }
        return least;
    }

    OptionalDouble top1() {
        return rows == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) agreeing / rows);
    }
}
