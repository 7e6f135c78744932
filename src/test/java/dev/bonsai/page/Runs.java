package dev.bonsai.page;

import dev.bonsai.encoding.DenseWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.NamedWeight.Role;
import dev.bonsai.encoding.WeightError;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.BonsaiModel;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.EpochSummary;
import dev.bonsai.report.ModelSize;
import dev.bonsai.report.NetworkCost;
import dev.bonsai.report.TrainingTime;
import dev.bonsai.report.WeightReport;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/** Runs that were never made, with all that a page can show. */
final class Runs {

    /** A name that would do harm in each place of a page, were it not kept a text. */
    static final String HOSTILE =
            "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><!--{{1}}&amp;`${1}";

    private Runs() {}

    static CompressionReport report(String name) {
        List<Trial> trials = new ArrayList<>();
        int epoch = 0;
        for (Verdict verdict : Verdict.values()) {
            for (double metric : new double[] {0.97, 0.2, Double.NaN, Double.NEGATIVE_INFINITY}) {
                trials.add(
                        new Trial(
                                epoch,
                                name,
                                name,
                                "sparsity 0.5",
                                metric,
                                0.98,
                                0.98 - metric,
                                0.004,
                                verdict));
            }
            ++epoch;
        }
        return new CompressionReport(
                name,
                0.98,
                0.97,
                0.975,
                new ModelSize(40_000, 2_000),
                Optional.of(new NetworkCost(100, 50, 1_000, 400, List.of(name))),
                TrainingTime.UNKNOWN,
                List.of(
                        new EpochSummary(0, 0.98, 0, 32),
                        new EpochSummary(1, Double.NaN, 0.25, 32),
                        new EpochSummary(7, 0.975, 0.5, 4)),
                trials,
                List.of(
                        weight(name, 3, 12.5),
                        weight("exact", 32, Double.POSITIVE_INFINITY),
                        weight("lost", 2, Double.NaN)),
                List.of("a note on " + name));
    }

    private static WeightReport weight(String path, int bits, double decibels) {
        return new WeightReport(
                path, "(20, 60)", 1_200, 600, bits, 700, 40, new WeightError(1e-3, decibels, 1, 0));
    }

    /** Writes a file with a matrix, kernels and a scalar. */
    static Path file(Path folder, String name) throws IOException {
        Path file = folder.resolve("model.bonsai");
        BonsaiFile.write(
                file,
                new BonsaiModel(
                        List.of(
                                named(name, 20, 60),
                                named("exact", 8, 3, 3, 3),
                                named("lost"),
                                new NamedWeight(
                                        "bias",
                                        Role.BIAS,
                                        new DenseWeight(new int[] {8}, new float[8]))),
                        List.of(),
                        List.of()));
        return file;
    }

    private static NamedWeight named(String path, int... shape) {
        Random random = new Random(1);
        int size = 1;
        for (int dimension : shape) {
            size *= dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; ++i) {
            values[i] = i % 2 == 0 && size > 1 ? 0 : (float) random.nextGaussian();
        }
        return new NamedWeight(path, Role.WEIGHT, new DenseWeight(shape, values));
    }

    /** A run with all that there is, under a name. */
    static RunReport full(Path folder, String name) throws IOException {
        return RunReport.builder(name, report(name))
                .addFact(name, name)
                .addFact("seed", 1)
                .optMeasured(
                        name,
                        Measured.ofShare(0.98, 1_000, 40_000).taking(0.5),
                        Measured.ofShare(0.97, 1_000, 2_000).taking(0.25))
                .optFile(file(folder, name))
                .addDeployed(
                        new Deployed(
                                name, name, 2_000, OptionalDouble.of(0.97), OptionalDouble.empty()))
                .addDeployed(
                        new Deployed(
                                "model.onnx",
                                "ONNX Runtime",
                                40_000,
                                OptionalDouble.of(0.98),
                                OptionalDouble.of(0.1)))
                .addDifference(
                        new Difference(
                                name,
                                name,
                                name,
                                name,
                                Optional.of(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB))))
                .addDifference(new Difference("sentence 1", "a", "a", "b", Optional.empty()))
                .addFrontPoint(new FrontPoint(name, 1_000, 0.9, true, true))
                .addFrontPoint(new FrontPoint("b", 2_000, Double.NaN, false, false))
                .addStep(name)
                .build();
    }
}
