package dev.bonsai.cli;

import dev.bonsai.cli.input.Sample;
import dev.bonsai.graph.Graph;
import dev.bonsai.onnx.ExportCheck;
import dev.bonsai.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model is tried on.
 *
 * @param all at least one sample
 * @param origin where they are from, for people
 */
record Samples(List<Sample> all, String origin) {

    private static final int RANDOM = 8;

    /** The inputs that show whether two files compute the same, but not what real ones cost. */
    static Samples random(Graph graph, long seed) {
        List<Sample> samples =
                IntStream.range(0, RANDOM).mapToObj(i -> random(graph, seed, i)).toList();
        return new Samples(
                samples,
                RANDOM + " random inputs, which tell less than --calibrate with real ones");
    }

    private static Sample random(Graph graph, long seed, int number) {
        ExportCheck check = ExportCheck.builder().optSeed(seed * RANDOM + number).build();
        return new Sample(
                "random[" + number + "]",
                check.inputs(graph, 0).values().stream().map(Tensor::of).toList());
    }

    /** Some of the samples, as far apart as possible, should they be sorted. */
    Samples atMost(int count) {
        if (all.size() <= count) {
            return this;
        }
        List<Sample> some = new ArrayList<>(count);
        for (int i = 0; i < count; ++i) {
            some.add(all.get(Math.toIntExact((long) i * all.size() / count)));
        }
        return new Samples(some, count + " of " + origin);
    }

    /** The inputs of each, as an export is calibrated on. */
    List<List<Tensor>> inputs() {
        return all.stream().map(Sample::inputs).toList();
    }
}
