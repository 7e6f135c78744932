package dev.bonsai.cli;

import dev.bonsai.cli.input.Sample;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.graph.type.Constants;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How far the outputs of one model are from those of another, added up over runs. */
final class OutputGap {

    private double signal;
    private double noise;
    private double sum;
    private double largest;
    private double largestOutput;
    private long count;
    private long rows;
    private long agreeing;
    private long wholes;
    private long equalWholes;

    /** Runs both models on samples. */
    static OutputGap of(PlainModel original, PlainModel other, List<Sample> samples) {
        OutputGap gap = new OutputGap();
        for (Sample sample : samples) {
            List<Tensor> expected = original.run(sample.tensors());
            List<Tensor> given = other.run(sample.tensors());
            for (int i = 0; i < expected.size(); ++i) {
                gap.add(expected.get(i), given.get(i));
            }
        }
        return gap;
    }

    private void add(Tensor expected, Tensor given) {
        if (!Constants.isFloat(expected.type())) {
            addWholes(expected.longs(), given.longs());
        } else if (expected.type() == ElementType.FLOAT64) {
            add(expected.doubles(), given.doubles());
        } else {
            add(doubles(expected.floats()), doubles(given.floats()));
            countRows(expected, given);
        }
    }

    private static double[] doubles(float... floats) {
        double[] doubles = new double[floats.length];
        Arrays.setAll(doubles, i -> floats[i]);
        return doubles;
    }

    /** Adds numbers that may be a little off. */
    void add(double[] expected, double[] given) {
        for (int i = 0; i < expected.length; ++i) {
            double difference =
                    expected[i] == given[i] ? 0 : Math.abs(given[i] - expected[i]); // infinities
            signal += Double.isInfinite(expected[i]) ? 0 : expected[i] * expected[i];
            noise += difference * difference;
            sum += difference;
            largest = Math.max(largest, difference);
            largestOutput = Math.max(largestOutput, Math.abs(expected[i]));
        }
        count += expected.length;
    }

    /** Adds numbers that are the same or not, such as classes. */
    void addWholes(long[] expected, long[] given) {
        for (int i = 0; i < expected.length; ++i) {
            equalWholes += expected[i] == given[i] ? 1 : 0;
        }
        wholes += expected.length;
    }

    private void countRows(Tensor expected, Tensor given) {
        int width = expected.rank() == 2 ? expected.shape()[1] : 1;
        for (int from = 0; width > 1 && from < expected.size(); from += width) {
            ++rows;
            agreeing +=
                    best(expected.floats(), from, width) == best(given.floats(), from, width)
                            ? 1
                            : 0;
        }
    }

    private static int best(float[] values, int from, int width) {
        int best = from;
        for (int i = from + 1; i < from + width; ++i) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    /**
     * The part of the signal in signal and noise, or the share of equal whole numbers where that is
     * less; NaN if an output is.
     */
    double closeness() {
        double share = wholes == 0 ? 1 : (double) equalWholes / wholes;
        return Math.min(noise == 0 ? 1 : signal / (signal + noise), share);
    }

    /**
     * Tells whether floats are so close, and as large a part of whole numbers is the same as the
     * signal is of signal and noise. Where nothing was compared, nothing is close.
     */
    boolean isWithin(double decibels) {
        double ratio = Math.pow(10, decibels / 10);
        return count + wholes > 0 && closeness() >= ratio / (1 + ratio);
    }

    private double decibels() {
        return 10 * Math.log10(signal / noise);
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (noise != 0) {
            parts.add(
                    String.format(
                            Locale.ROOT,
                            "the outputs differ by %.3g on average and %.3g at most, of outputs up"
                                    + " to %.3g (%.1f dB)",
                            sum / Math.max(1, count),
                            largest,
                            largestOutput,
                            decibels()));
        } else if (count > 0) {
            parts.add("the outputs are those of the original");
        }
        if (rows > 0 && noise != 0) {
            parts.add(
                    String.format(
                            Locale.ROOT,
                            "%.1f %% of the rows have the same largest element",
                            100.0 * agreeing / rows));
        }
        if (wholes > 0) {
            parts.add(
                    String.format(
                            Locale.ROOT,
                            "%.1f %% of the whole numbers are the same",
                            100.0 * equalWholes / wholes));
        }
        return parts.isEmpty() ? "there is no output to compare" : String.join("; ", parts);
    }
}
