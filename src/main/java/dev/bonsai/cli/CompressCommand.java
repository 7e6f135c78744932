package dev.bonsai.cli;

import ai.djl.translate.TranslateException;
import dev.bonsai.CompressedModel;
import dev.bonsai.command.InputException;
import dev.bonsai.command.Options;
import dev.bonsai.command.OutputFolder;
import dev.bonsai.command.Printer;
import dev.bonsai.command.Tone;
import dev.bonsai.core.Technique;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.WeightError;
import dev.bonsai.graph.GraphModel;
import dev.bonsai.graph.type.GraphException;
import dev.bonsai.onnx.CalibrationException;
import dev.bonsai.onnx.OnnxExport;
import dev.bonsai.onnx.OnnxExportException;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.quantization.Granularity;
import dev.bonsai.quantization.Quantization;
import dev.bonsai.quantization.RangeEstimator;
import dev.bonsai.runtime.PlainModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a trained model small without training. */
@Command(
        name = "compress",
        description =
                "Makes a trained model small without training: its weights go to a grid of few"
                        + " values, and what that costs is measured on the file that was written.")
final class CompressCommand implements Callable<Integer> {

    private static final String FILE = "model.bonsai";
    private static final String INTEGERS = "model-int8.onnx";

    /** Fewer bits than these clip, where that makes the error smaller. */
    private static final int FINE = 8;

    /** The ratio from which outputs are rarely taken for others. */
    private static final double CLOSE = 20;

    @Parameters(paramLabel = "model.onnx", description = "The ONNX file.")
    private Path onnx;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the results go (default: model.onnx without its ending).")
    private Path out;

    @Option(
            names = "--bits",
            paramLabel = "N",
            defaultValue = "8",
            converter = Options.ToBits.class,
            description = "The bits of a weight, from 2 to 16 (default: ${DEFAULT-VALUE}).")
    private int bits;

    @Option(
            names = "--group",
            paramLabel = "N",
            converter = Options.ToCount.class,
            description =
                    "The weights that share a scale, such as 32: fewer are more exact and take more"
                            + " bytes (default: those of an output channel).")
    private Integer group;

    @Option(
            names = "--sparsity",
            paramLabel = "FRACTION",
            converter = Options.ToSparsity.class,
            description = "The fraction of weights to remove first, in [0, 1).")
    private Float sparsity;

    @Option(
            names = "--int8",
            description =
                    "Write the original as an ONNX file in integers of 8 bits too, which ONNX"
                            + " Runtime runs faster.")
    private boolean integers;

    @Mixin private CalibrationOptions calibration;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, TranslateException {
        ModelFile original = ModelFile.readOnnx(onnx);
        Samples samples = calibration.read(original.graph().graph());
        Path folder = OutputFolder.prepare(out == null ? beside() : out, FILE, INTEGERS);
        Printer printer = Printer.of(spec);
        printer.say("Tried on " + samples.origin());
        CompressedModel compressed = compress(original.graph(), samples);
        Path file = folder.resolve(FILE);
        compressed.save(file);
        long before = Files.size(onnx);
        long after = Files.size(file);
        printer.say(
                String.format(
                        Locale.ROOT,
                        "%s, %,d bytes -> %s, %,d bytes: %.1f times smaller",
                        onnx,
                        before,
                        file,
                        after,
                        (double) before / after));
        OutputGap gap =
                OutputGap.of(PlainModel.of(original.graph()), PlainModel.load(file), samples.all());
        printer.say("Run from the file, " + gap);
        printer.say(worst(original.graph(), compressed));
        boolean close = gap.isWithin(CLOSE);
        say(printer, file, close);
        if (integers) {
            Path ints = folder.resolve(INTEGERS);
            OnnxExport export = integers(ints, original.graph(), samples);
            printer.say(export);
            say(printer, ints, export.decibels() >= CLOSE);
        } else {
            Files.deleteIfExists(folder.resolve(INTEGERS)); // that of an earlier run
        }
        printer.next(close ? "bonsai predict " + file + " INPUT" : "the same with " + finer());
        return 0;
    }

    /** Judges each file by itself: the one may be close where the other is not. */
    private static void say(Printer printer, Path file, boolean close) {
        String name = file.getFileName().toString();
        printer.say(
                close
                        ? printer.styled(name + ": close to the original", Tone.GOOD)
                        : printer.styled(name + ": far from the original", Tone.BAD));
    }

    private Path beside() {
        String name = onnx.getFileName().toString();
        return onnx.resolveSibling(name.substring(0, name.lastIndexOf('.')));
    }

    private CompressedModel compress(GraphModel graph, Samples samples)
            throws IOException, TranslateException {
        try {
            return PostTraining.compress(graph, techniques(), samples);
        } catch (GraphException e) {
            throw calibration.refused(onnx.toString(), e);
        } catch (IllegalArgumentException e) { // such as a model without weights
            throw new InputException(onnx + ": " + e.getMessage(), e);
        }
    }

    private List<Technique> techniques() {
        List<Technique> techniques = new ArrayList<>();
        if (sparsity != null && sparsity > 0) {
            techniques.add(Pruning.builder().setTargetSparsity(sparsity).build());
        }
        techniques.add(
                Quantization.builder()
                        .setBits(bits)
                        .optGranularity(
                                group == null
                                        ? Granularity.perChannel()
                                        : Granularity.perGroup(group))
                        .optRangeEstimator(
                                bits < FINE ? RangeEstimator.mse() : RangeEstimator.minMax())
                        .build());
        return techniques;
    }

    private OnnxExport integers(Path file, GraphModel graph, Samples samples) throws IOException {
        try {
            return IntegerFile.write(file, graph, samples);
        } catch (CalibrationException | OnnxExportException e) {
            throw calibration.refused("--int8", e);
        }
    }

    private static String worst(GraphModel original, CompressedModel compressed) {
        String path = "";
        double least = Double.POSITIVE_INFINITY;
        for (NamedWeight weight : compressed.getWeights()) {
            EncodedWeight before = original.weights().get(weight.path());
            double ratio = WeightError.of(before, weight.value()).sqnrDb();
            if (ratio < least) {
                least = ratio;
                path = weight.path();
            }
        }
        return path.isEmpty()
                ? "No weight has changed"
                : String.format(
                        Locale.ROOT, "The weight that has changed most: %s, %.1f dB", path, least);
    }

    private String finer() {
        if (sparsity != null && sparsity > 0) {
            return "less --sparsity";
        }
        return group == null ? "--group 32, or more --bits" : "more --bits";
    }
}
