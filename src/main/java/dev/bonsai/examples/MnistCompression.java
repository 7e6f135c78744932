package dev.bonsai.examples;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.evaluator.Accuracy;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressedModel;
import dev.bonsai.CompressionListener;
import dev.bonsai.artifact.ByteLedger;
import dev.bonsai.examples.data.DataException;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.gate.Gate;
import dev.bonsai.pruning.Pruning;
import dev.bonsai.quantization.Quantization;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * Trains a small network on images of digits, makes it smaller while it trains on, and shows what
 * was gained and what it cost.
 *
 * <p>The numbers of the compressed network are those of the file: it is written, read back into a
 * new block and evaluated on the test images, once.
 */
public final class MnistCompression {

    private final MnistOptions options;
    private final PrintWriter out;

    private MnistCompression(MnistOptions options, PrintWriter out) {
        this.options = options;
        this.out = out;
    }

    /**
     * Runs the example and ends the process.
     *
     * @param args the options; {@code --help} lists them
     */
    public static void main(String[] args) {
        System.exit(runExample(args));
    }

    /**
     * Runs the example.
     *
     * @param args the options; {@code --help} lists them
     * @return 0 if all went well, 1 after an error, 2 if an option or the data is not as it must be
     */
    public static int runExample(String... args) {
        MnistOptions options = new MnistOptions();
        CommandLine line = new CommandLine(options);
        line.setParameterExceptionHandler(
                (e, unused) -> {
                    line.getErr().println(firstLine(e));
                    return 2;
                });
        line.setExecutionExceptionHandler(
                (e, unused, result) -> {
                    if (e instanceof DataException) {
                        line.getErr().println(firstLine(e));
                        return 2;
                    }
                    throw e;
                });
        options.onRun(() -> new MnistCompression(options, line.getOut()).run());
        return line.execute(args);
    }

    private static String firstLine(Exception e) {
        return e.getMessage().lines().findFirst().orElse(e.toString());
    }

    private void run() throws IOException, TranslateException {
        ImageData data = options.data();
        out.println(data.describe());
        out.flush();
        Files.createDirectories(options.out());
        Training training = new Training(data, options.seed());
        try (Model model = Model.newInstance(options.network().id())) {
            model.setBlock(options.network().newBlock());
            dense(model, training);
            Measured dense = measure(model, "dense", training);
            CompressionListener listener = listener(data);
            training.run(model, options.epochs(), listener);
            save(model, "compressed");
            Path file = options.out().resolve("model.bonsai");
            ByteLedger ledger = listener.getCompressedModel().save(file);
            Measured compressed = readBack(file, training);
            Results results =
                    new Results(options, data, dense, compressed, listener.getReport(), ledger);
            results.writeJson(options.out().resolve("report.json"));
            out.println(results);
            out.println("Written: " + options.out());
            out.flush();
        }
    }

    private void dense(Model model, Training training) throws IOException, TranslateException {
        if (options.dense() == null) {
            training.run(model, options.denseEpochs());
        } else {
            // DJL can't save a block that was loaded but never initialised
            model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, Training.IMAGE);
            try {
                model.load(options.dense(), "dense");
            } catch (MalformedModelException | IOException e) {
                throw new DataException(
                        String.format(
                                "--dense: %s holds no dense-0000.params of the network %s (%s)",
                                options.dense(), options.network(), e.getMessage()));
            }
        }
    }

    private Measured measure(Model model, String name, Training training)
            throws IOException, TranslateException {
        Path file = save(model, name);
        return new Measured(training.test(model.getBlock()), Files.size(file));
    }

    private Path save(Model model, String name) throws IOException {
        model.setProperty("Epoch", "0"); // or DJL puts the number of epochs into the file's name
        model.save(options.out(), name);
        return options.out().resolve(name + "-0000.params");
    }

    private CompressionListener listener(ImageData data) {
        return CompressionListener.builder()
                .addTechnique(Pruning.builder().setTargetSparsity(options.sparsity()).build())
                .addTechnique(Quantization.builder().setBits(options.bits()).build())
                .optGate(
                        Gate.builder()
                                .setEvaluation(data.validation(), new Accuracy())
                                .optMaxDrop(options.maxDrop())
                                .build())
                .optWarmup(0)
                .build();
    }

    private Measured readBack(Path file, Training training) throws IOException, TranslateException {
        try (Model model = Model.newInstance(options.network().id())) {
            model.setBlock(options.network().newBlock());
            CompressedModel.load(file).applyTo(model.getBlock(), model.getNDManager());
            return new Measured(training.test(model.getBlock()), Files.size(file));
        }
    }

    /**
     * What was measured of a network.
     *
     * @param accuracy the accuracy on the test images
     * @param bytes the length of its file
     */
    record Measured(double accuracy, long bytes) {}
}
