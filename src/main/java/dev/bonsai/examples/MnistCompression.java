package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.training.loss.Loss;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressionListener;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.ByteLedger;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Trains a small network on images of digits, makes it smaller while it trains on, and shows what
 * was gained and what it cost.
 *
 * <p>The numbers of the compressed network are those of the file: it is written, read back into a
 * new block and evaluated on the test images, once.
 */
public final class MnistCompression {

    private final MnistOptions options;
    private final Printer printer;

    MnistCompression(MnistOptions options, PrintWriter out) {
        this.options = options;
        printer = new Printer(out);
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
     * @return 0 if all went well, 1 after an error, 2 if an option, the data or a file of an
     *     earlier run is not as it must be
     */
    public static int runExample(String... args) {
        return CommandRunner.run(new MnistOptions(), args);
    }

    void run() throws IOException, TranslateException {
        Path folder =
                OutputFolder.prepare(
                        options.out(),
                        "model.bonsai",
                        "model.onnx",
                        "report.json",
                        DenseFile.PARAMETERS,
                        DenseFile.ORIGIN,
                        "compressed-0000.params");
        ImageData data = options.data();
        printer.say(data.describe());
        Recipe recipe = options.recipe(data);
        CompressionListener listener = listener(recipe, data);
        Pipeline pipeline = new Pipeline(options.network(), data, options.seed(), folder);
        try (Model model = pipeline.newModel()) {
            long bytes = pipeline.saveDense(model, dense(model, pipeline, recipe));
            double accuracy = pipeline.training().evaluate(model.getBlock(), data.test());
            compress(model, pipeline, recipe, listener);
            pipeline.saveParameters(model, "compressed");
            Path file = folder.resolve("model.bonsai");
            ByteLedger ledger = listener.getCompressedModel().save(file);
            Measured compressed =
                    new Measured(pipeline.readBack(file, data.test()), Files.size(file));
            Measured dense = new Measured(accuracy, bytes);
            Results results =
                    new Results(options, data, dense, compressed, listener.getReport(), ledger);
            results.writeJson(folder.resolve("report.json"));
            printer.say(results);
            deploy(model, file, data);
            printer.say("Written: " + folder);
        }
    }

    /** Shows the file where it would be used, beside DJL. */
    private void deploy(Model model, Path file, ImageData data)
            throws IOException, TranslateException {
        if (BonsaiFile.read(file).graph().isEmpty()) {
            return; // the report says why
        }
        Deployment deployment = new Deployment(data.test());
        printer.say(
                "\nThe file at work, one image at a time:\n"
                        + deployment.inDjl(model).describe("DJL")
                        + "\n"
                        + deployment.inPlainJava(file).describe("plain Java"));
        Path onnx = file.resolveSibling("model.onnx");
        printer.say("ONNX, as ONNX Runtime computes it: " + Deployment.asOnnx(file, onnx));
    }

    /** Builds what the options ask for, before anything is trained for it. */
    private static CompressionListener listener(Recipe recipe, ImageData data) {
        return CompressionListener.builder()
                .addTechniques(recipe.techniques())
                .optGate(Pipeline.gate(data, recipe.maxDrop()))
                .optWarmup(0)
                .build();
    }

    /** Fills the model with a dense network, and says what it was trained on. */
    private DenseOrigin dense(Model model, Pipeline pipeline, Recipe recipe)
            throws IOException, TranslateException {
        if (options.dense() == null) {
            pipeline.trainDense(model, recipe.denseEpochs(), printer);
            return pipeline.origin(recipe.denseEpochs());
        }
        DenseFile earlier = new DenseFile(options.dense());
        DenseOrigin origin = pipeline.findDense(earlier);
        earlier.load(model, "--dense");
        return origin;
    }

    private void compress(
            Model model, Pipeline pipeline, Recipe recipe, CompressionListener listener)
            throws IOException, TranslateException {
        printer.say(recipe.describe());
        pipeline.training()
                .run(
                        model,
                        recipe.epochs(),
                        recipe.learningRate(),
                        Loss.softmaxCrossEntropyLoss(),
                        listener,
                        printer.progress(recipe.epochs(), listener));
    }

    /**
     * What was measured of a network.
     *
     * @param accuracy the accuracy on the test images
     * @param bytes the length of its file
     */
    record Measured(double accuracy, long bytes) {}
}
