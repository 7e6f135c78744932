package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.translate.TranslateException;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.qr.QrCode;
import dev.bonsai.qr.QrException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of an example: trains a network, makes it smaller while it trains on, and shows what was
 * gained and what it cost.
 *
 * <p>The numbers of the compressed network are those of the file: it is written, read back into a
 * new block and evaluated on the test images, once.
 */
final class ExampleRun {

    static final String QR_CODE = "model.png";

    private final ExampleOptions options;
    private final Printer printer;

    ExampleRun(ExampleOptions options, PrintWriter out) {
        this.options = options;
        printer = new Printer(out);
    }

    void run() throws IOException, TranslateException {
        Path folder =
                OutputFolder.prepare(
                        options.out(),
                        "model.bonsai",
                        OnnxFiles.FLOATS,
                        OnnxFiles.INTEGERS,
                        QR_CODE,
                        "report.json",
                        DenseFile.PARAMETERS,
                        DenseFile.ORIGIN,
                        "compressed-0000.params");
        Optional<RunFolder> checkpoints = options.checkpoints();
        ImageData data = options.data();
        printer.say(data.describe());
        List<Recipe> recipes = options.recipes(data);
        Recipe recipe = recipes.get(recipes.size() - 1);
        Pipeline pipeline = new Pipeline(options.network(), data, options.seed(), folder);
        Stages stages = new Stages(recipes, pipeline, printer, checkpoints);
        DenseOrigin origin = origin(pipeline, recipe);
        if (checkpoints.isPresent()) {
            Map<String, Object> facts = origin.facts();
            facts.putAll(recipe.facts());
            facts.put("stages before", recipes.subList(0, recipes.size() - 1).toString());
            checkpoints.get().belongTo(facts);
        }
        try (Model model = pipeline.newModel()) {
            if (options.dense() == null && checkpoints.isPresent()) {
                pipeline.ensureDense(recipe.denseEpochs(), printer); // perhaps before a kill
                pipeline.loadDense(model);
            } else {
                fill(model, pipeline, recipe);
                pipeline.saveDense(model, origin);
            }
            double accuracy = pipeline.training().evaluate(model.getBlock(), data.test());
            Compression compression = stages.run(model);
            Path file = folder.resolve("model.bonsai");
            ByteLedger ledger = compression.model().save(file);
            boolean thinner = recipes.size() > 1 || compression.report().network().isPresent();
            Measured compressed =
                    new Measured(
                            thinner
                                    ? pipeline.readBackGraph(file, data.test())
                                    : pipeline.readBack(file, data.test()),
                            Files.size(file));
            Measured dense = new Measured(accuracy, pipeline.denseBytes());
            Results results =
                    new Results(options, data, dense, compressed, compression.report(), ledger);
            results.writeJson(folder.resolve("report.json"));
            printer.say(results);
            deploy(file, data);
            if (options.qr()) {
                printer.say(draw(file));
            }
            printer.say("Written: " + folder);
        }
    }

    /** Shows the file where it would be used. */
    private void deploy(Path file, ImageData data) throws IOException, TranslateException {
        if (BonsaiFile.read(file).graph().isEmpty()) {
            return; // the report says why
        }
        Deployment deployment = new Deployment(data.test(), data.kind().format());
        printer.say(
                "\nThe file at work, one image at a time:\n"
                        + deployment.inDjl(file).describe("DJL, toBlock()")
                        + "\n"
                        + deployment.inPlainJava(file).describe("plain Java"));
        printer.say(new OnnxFiles(data).write(file));
    }

    /** Draws the file as a QR code, or says why that can't be: all else is written by then. */
    private static String draw(Path file) throws IOException {
        Path png = file.resolveSibling(QR_CODE);
        try {
            QrCode.write(file, png);
            return "\nQR code: " + png + ", with the whole of " + file.getFileName();
        } catch (QrException e) {
            Files.deleteIfExists(png); // that of an earlier file
            return "\nNo QR code: " + e.getMessage();
        }
    }

    /** Says what the dense network is trained on, or was. */
    private DenseOrigin origin(Pipeline pipeline, Recipe recipe) {
        if (options.dense() == null) {
            return pipeline.origin(recipe.denseEpochs());
        }
        DenseOrigin found = pipeline.findDense(new DenseFile(options.dense()));
        return options.trainsOn() ? found.trainedOn(pipeline.origin(recipe.denseEpochs())) : found;
    }

    /** Fills the model with a dense network: that of an earlier run, or a new one. */
    private void fill(Model model, Pipeline pipeline, Recipe recipe)
            throws IOException, TranslateException {
        if (options.dense() != null) {
            new DenseFile(options.dense()).load(model, options.network().input(), "--dense");
        }
        if (options.dense() == null || options.trainsOn()) {
            pipeline.trainDense(model, recipe.denseEpochs(), printer);
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
