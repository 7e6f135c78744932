package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressionListener;
import dev.bonsai.examples.data.DataException;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.file.ByteLedger;
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

    MnistCompression(MnistOptions options, PrintWriter out) {
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
        CommandLine line = new CommandLine(new MnistOptions());
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
        return line.execute(args);
    }

    private static String firstLine(Exception e) {
        return e.getMessage().lines().findFirst().orElse(e.toString());
    }

    void run() throws IOException, TranslateException {
        ImageData data = options.data();
        out.println(data.describe());
        out.flush();
        Recipe recipe = options.recipe();
        Pipeline pipeline = new Pipeline(options.network(), data, options.seed(), options.out());
        try (Model model = pipeline.newModel()) {
            if (options.dense() == null) {
                pipeline.training().run(model, recipe.denseEpochs());
            } else {
                pipeline.loadDense(model, options.dense());
            }
            Path params = pipeline.saveParameters(model, "dense");
            double accuracy = pipeline.training().evaluate(model.getBlock(), data.test());
            Measured dense = new Measured(accuracy, Files.size(params));
            CompressionListener listener =
                    CompressionListener.builder()
                            .addTechniques(recipe.techniques())
                            .optGate(pipeline.gate(recipe.maxDrop()))
                            .optWarmup(0)
                            .build();
            Loss loss = Loss.softmaxCrossEntropyLoss();
            pipeline.training().run(model, recipe.epochs(), recipe.learningRate(), loss, listener);
            pipeline.saveParameters(model, "compressed");
            Path file = options.out().resolve("model.bonsai");
            ByteLedger ledger = listener.getCompressedModel().save(file);
            Measured compressed =
                    new Measured(pipeline.readBack(file, data.test()), Files.size(file));
            Results results =
                    new Results(options, data, dense, compressed, listener.getReport(), ledger);
            results.writeJson(options.out().resolve("report.json"));
            out.println(results);
            out.println("Written: " + options.out());
            out.flush();
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
