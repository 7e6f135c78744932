package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.translate.TranslateException;
import dev.bonsai.command.OutputFolder;
import dev.bonsai.command.Printer;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.page.ReportPage;
import dev.bonsai.qr.QrCode;
import dev.bonsai.qr.QrException;
import dev.bonsai.recipe.CompressionRecipe;
import dev.bonsai.recipe.RecipeSetup;
import dev.bonsai.recipe.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    static final String RECIPE = "recipe.yaml";

    private final ExampleOptions options;
    private final Printer printer;

    ExampleRun(ExampleOptions options, Printer printer) {
        this.options = options;
        this.printer = printer;
    }

    void run() throws IOException, TranslateException {
        Path folder =
                OutputFolder.prepare(
                        options.out(),
                        Conclusion.FILE,
                        OnnxFiles.FLOATS,
                        OnnxFiles.INTEGERS,
                        QR_CODE,
                        ReportPage.NUMBERS,
                        ReportPage.PAGE,
                        RECIPE,
                        DenseFile.PARAMETERS,
                        DenseFile.ORIGIN,
                        "compressed-0000.params");
        Optional<RunFolder> checkpoints = options.checkpoints();
        ImageData data = options.data();
        printer.say(data.describe());
        CompressionRecipe recipe = options.recipe(data);
        sayWhatDiffers(recipe);
        RecipeSetup setup = recipe.setup().orElseThrow();
        TrainingPlan plan = setup.dense().orElseThrow();
        int batchSize = setup.batchSize().orElseThrow();
        Pipeline pipeline =
                new Pipeline(options.network(), data, options.seed(), folder, batchSize);
        Stages stages = new Stages(recipe.stages(), pipeline, printer, checkpoints);
        DenseOrigin origin = origin(pipeline, plan);
        if (checkpoints.isPresent()) {
            Map<String, Object> facts = origin.facts();
            facts.put("seed", options.seed()); // the dense network may be of another run
            facts.put("batch size", batchSize);
            facts.putAll(CompressionRecipe.of(recipe.stages()).values());
            checkpoints.get().belongTo(facts);
        }
        try (Model model = pipeline.newModel()) {
            if (options.dense() == null && checkpoints.isPresent()) {
                pipeline.ensureDense(plan, printer); // perhaps before a kill
                pipeline.loadDense(model);
            } else {
                fill(model, pipeline, plan);
                if (!isThere(folder)) {
                    pipeline.saveDense(model, origin);
                }
            }
            Answers before = Answers.of(model.getBlock(), data.test());
            Compression compression = stages.run(model);
            Path file = folder.resolve(Conclusion.FILE);
            ByteLedger ledger = compression.model().save(file);
            boolean thinner =
                    recipe.stages().size() > 1 || compression.report().network().isPresent();
            Answers after =
                    thinner
                            ? pipeline.readBackGraph(file, data.test())
                            : pipeline.readBack(file, data.test());
            repeatable(recipe, origin, pipeline).write(folder.resolve(RECIPE));
            new Conclusion(options, data, pipeline, printer)
                    .draw(before, after, compression.report(), ledger);
            if (options.qr()) {
                printer.say(draw(file));
            } else {
                Files.deleteIfExists(folder.resolve(QR_CODE)); // that of an earlier file
            }
            printer.say("Written: " + folder);
            printer.next("open " + folder.resolve(ReportPage.PAGE) + " in a browser");
        }
    }

    /** Tells whether the dense network of an earlier run is used as it is, and where it lies. */
    private boolean isThere(Path folder) throws IOException {
        return options.dense() != null
                && !options.trainsOn()
                && Files.isSameFile(options.dense(), folder);
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

    /** Says where a recipe that was given can't be followed to the letter. */
    private void sayWhatDiffers(CompressionRecipe done) {
        if (options.given().isEmpty()) {
            return;
        }
        RecipeSetup setup = done.setup().orElseThrow();
        Optional<RecipeSetup> said = options.given().get().setup();
        Optional<String> fingerprint = said.flatMap(RecipeSetup::fingerprint);
        if (fingerprint.isPresent() && !fingerprint.equals(setup.fingerprint())) {
            printer.say("These are not the images of the recipe: the result will be another");
        }
        boolean dense = options.dense() != null || options.hasDenseEpochs();
        if (!dense && said.flatMap(RecipeSetup::dense).isEmpty()) {
            printer.say(
                    "The recipe does not say how the dense network is trained: as is usual for "
                            + options.network());
        }
    }

    /** Returns the recipe of the run; how its dense network was trained if a recipe can say it. */
    private CompressionRecipe repeatable(
            CompressionRecipe recipe, DenseOrigin origin, Pipeline pipeline) {
        RecipeSetup setup = recipe.setup().orElseThrow();
        TrainingPlan plan =
                options.dense() == null
                        ? setup.dense().orElseThrow()
                        : DenseTraining.of(options.network()).plan(origin.epochs());
        return recipe.withSetup(
                new RecipeSetup(
                        setup.network(),
                        setup.data(),
                        setup.fingerprint(),
                        setup.batchSize(),
                        Optional.of(plan).filter(p -> pipeline.origin(p).equals(origin))));
    }

    /** Says what the dense network is trained on, or was. */
    private DenseOrigin origin(Pipeline pipeline, TrainingPlan plan) {
        if (options.dense() == null) {
            return pipeline.origin(plan);
        }
        DenseOrigin found = pipeline.findDense(new DenseFile(options.dense()));
        return options.trainsOn() ? found.trainedOn(pipeline.origin(plan)) : found;
    }

    /** Fills the model with a dense network: that of an earlier run, or a new one. */
    private void fill(Model model, Pipeline pipeline, TrainingPlan plan)
            throws IOException, TranslateException {
        if (options.dense() == null) {
            pipeline.trainNew(model, plan, printer);
            return;
        }
        new DenseFile(options.dense()).load(model, options.network().input(), "--dense");
        if (options.trainsOn()) {
            pipeline.trainDense(model, plan, printer);
        }
    }
}
