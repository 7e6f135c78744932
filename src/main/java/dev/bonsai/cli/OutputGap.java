package dev.bonsai.cli;

import dev.bonsai.cli.input.Sample;
import dev.bonsai.encoding.ElementType;
import dev.bonsai.runtime.PlainModel;
import dev.bonsai.runtime.Tensor;
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

    /** Runs both models on samples. */
    static OutputGap of(PlainModel original, PlainModel other, List<Sample> samples) {
        OutputGap gap = new OutputGap();
        for (Sample sample : samples) {
            List<Tensor> expected = original.run(sample.tensors());
            List<Tensor> given = other.run(sample.tensors());
            for (int i = 0; i < expected.size(); ++i) {
                if (expected.get(i).type() == ElementType.FLOAT32) {
                    gap.add(expected.get(i).floats(), given.get(i).floats());
                    gap.countRows(expected.get(i), given.get(i));
                }
            }
        }
        return gap;
    }

    void add(float[] expected, float[] given) {
        for (int i = 0; i < expected.length; ++i) {
            double difference = Math.abs((double) given[i] - expected[i]);
            signal += (double) expected[i] * expected[i];
            noise += difference * difference;
            sum += difference;
            largest = Math.max(largest, difference);
            largestOutput = Math.max(largestOutput, Math.abs(expected[i]));
        }
        count += expected.length;
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

    /** The part of the signal in signal and noise; NaN if an output is. */
    double closeness() {
        return noise == 0 ? 1 : signal / (signal + noise);
    }

    double decibels() {
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
    }

    @Override
    public String toString() {
        if (noise == 0) {
            return "the outputs are those of the original";
        }
        String text =
                String.format(
                        Locale.ROOT,
                        "the outputs differ by %.3g on average and %.3g at most, of outputs up to"
                                + " %.3g (%.1f dB)",
                        sum / Math.max(1, count),
                        largest,
                        largestOutput,
                        decibels());
        return rows == 0
                ? text
                : text
                        + String.format(
                                Locale.ROOT,
                                "; %.1f %% of the rows have the same largest element",
                                100.0 * agreeing / rows);
    }
}
