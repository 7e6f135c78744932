package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressionListener;
import dev.bonsai.command.Options;
import dev.bonsai.command.OutputFolder;
import dev.bonsai.command.Printer;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.recipe.NamedStrategy;
import dev.bonsai.recipe.NamedStrategy.Reach;
import dev.bonsai.recipe.StrategyCatalogue;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.WeightReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the strategies of the catalogue one by one and prints what each of them did. */
@CommandLine.Command(
        name = "strategies",
        description =
                "Compresses the same dense network by one strategy after the other, and prints a"
                        + " table of what each cost and saved on the test images.")
final class StrategiesCommand implements Callable<Integer> {

    @Mixin private DataOptions data;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            split = ",",
            description = "The strategies to run, with commas between them (default: all).")
    private List<String> only = List.of();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            split = ",",
            defaultValue = "1",
            converter = Options.ToSeed.class,
            description = "The seeds, with commas between them (default: ${DEFAULT-VALUE}).")
    private List<Integer> seeds;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "6",
            converter = Options.ToEpochs.class,
            description = "The epochs of each compression (default: ${DEFAULT-VALUE}).")
    private Integer epochs;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the results go (default: target/bonsai/strategies-NETWORK).")
    private Path out;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        checkNames();
        Printer printer = Printer.of(spec);
        List<Path> folders = new ArrayList<>();
        for (int seed : seeds) {
            folders.add(OutputFolder.prepare(folder().resolve("seed-" + seed), DenseFile.ORIGIN));
        }
        ImageData images = data.data();
        printer.say(images.describe());
        List<Pipeline> pipelines = new ArrayList<>();
        for (int i = 0; i < seeds.size(); ++i) {
            Pipeline pipeline = new Pipeline(data.network(), images, seeds.get(i), folders.get(i));
            pipeline.hasDense(data.dense(images)); // refused before any training
            pipelines.add(pipeline);
        }
        List<StrategyRow> rows = new ArrayList<>();
        for (int i = 0; i < seeds.size(); ++i) {
            rows.addAll(run(chosen(images), pipelines.get(i), images, seeds.get(i), printer));
        }
        printer.say("\n" + StrategyRow.table(rows));
        printer.next("bonsai inspect " + folders.get(0).resolve("STRATEGY.bonsai"));
        return 0;
    }

    private Path folder() {
        return out == null ? Path.of("target", "bonsai", "strategies-" + data.network().id()) : out;
    }

    private List<StrategyRow> run(
            List<NamedStrategy> chosen,
            Pipeline pipeline,
            ImageData images,
            int seed,
            Printer printer)
            throws IOException, TranslateException {
        pipeline.ensureDense(data.dense(images), printer);
        double dense = denseError(pipeline, images);
        List<StrategyRow> rows = new ArrayList<>();
        rows.add(StrategyRow.dense(seed, dense, pipeline.denseBytes()));
        for (NamedStrategy strategy : chosen) {
            printer.say("Strategy " + strategy.name());
            StrategyRow row = run(strategy, pipeline, images, rows.get(0), printer);
            printer.say(row);
            rows.add(row);
        }
        return rows;
    }

    /** Refuses what is not there, before any image is read. */
    private void checkNames() {
        if (Set.copyOf(seeds).size() < seeds.size()) {
            throw new ParameterException(
                    spec.commandLine(), "--seeds: expected each seed once, but got " + seeds);
        }
        List<String> names = all(1).stream().map(NamedStrategy::name).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--only: there is no strategy '" + name + "'; use some of " + names);
            }
        }
    }

    private List<NamedStrategy> chosen(ImageData images) {
        return all(images.trainingSize()).stream()
                .filter(strategy -> only.isEmpty() || only.contains(strategy.name()))
                .toList();
    }

    private List<NamedStrategy> all(int samples) {
        boolean flat = data.network() == Network.TINY; // nothing between first and last layer
        return StrategyCatalogue.of(samples).stream()
                .filter(strategy -> !flat || strategy.reach() == Reach.EVERY_LAYER)
                .toList();
    }

    private static double denseError(Pipeline pipeline, ImageData images)
            throws IOException, TranslateException {
        try (Model model = pipeline.newModel()) {
            pipeline.loadDense(model);
            return 1 - Answers.of(model.getBlock(), images.test()).accuracy();
        }
    }

    private StrategyRow run(
            NamedStrategy strategy,
            Pipeline pipeline,
            ImageData images,
            StrategyRow dense,
            Printer printer)
            throws IOException, TranslateException {
        CompressionListener listener =
                pipeline.compressUnjudged(
                        CompressionListener.builder().addTechniques(strategy.techniques()),
                        epochs,
                        strategy.learningRate(Training.LEARNING_RATE),
                        strategy.newLoss(),
                        printer);
        Path file = pipeline.folder().resolve(OutputFolder.fileName(strategy.name()) + ".bonsai");
        listener.getCompressedModel().save(file);
        CompressionReport report = listener.getReport();
        return new StrategyRow(
                strategy.name(),
                dense.seed(),
                dense.error(),
                1 - pipeline.readBack(file, images.test()).accuracy(),
                Files.size(file),
                report.sparsity(),
                report.weights().stream().mapToInt(WeightReport::bits).min().orElse(32));
    }
}
