package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.translate.TranslateException;
import dev.bonsai.command.OutputFolder;
import dev.bonsai.command.Printer;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.page.Measured;
import dev.bonsai.page.ReportPage;
import dev.bonsai.page.RunReport;
import dev.bonsai.qr.QrCode;
import dev.bonsai.qr.QrException;
import dev.bonsai.recipe.CompressionRecipe;
import dev.bonsai.recipe.RecipeSetup;
import dev.bonsai.recipe.TrainingPlan;
import java.io.IOException;
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
                        "model.bonsai",
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
            facts.putAll(CompressionRecipe.of(recipe.stages()).values());
            checkpoints.get().belongTo(facts);
        }
        try (Model model = pipeline.newModel()) {
            if (options.dense() == null && checkpoints.isPresent()) {
                pipeline.ensureDense(plan, printer); // perhaps before a kill
                pipeline.loadDense(model);
            } else {
                fill(model, pipeline, plan);
                pipeline.saveDense(model, origin);
            }
            Answers before = Answers.of(model.getBlock(), data.test());
            Compression compression = stages.run(model);
            Path file = folder.resolve("model.bonsai");
            ByteLedger ledger = compression.model().save(file);
            boolean thinner = recipe.stages().size() > 1 || compression.report().network().isPresent();
            Answers after =
                    thinner
                            ? pipeline.readBackGraph(file, data.test())
                            : pipeline.readBack(file, data.test());
            Measured dense =
                    Measured.ofShare(before.accuracy(), before.size(), pipeline.denseBytes());
            Measured compressed =
                    Measured.ofShare(after.accuracy(), after.size(), Files.size(file));
            RunReport.Builder run =
                    RunReport.builder(
                                    options.network() + " on " + data.name(), compression.report())
                            .addFact("dataset", data.name())
                            .addFact("fingerprint", data.fingerprint())
                            .addFact("network", options.network().id())
                            .addFact("seed", options.seed())
                            .optMeasured("accuracy", dense, compressed)
                            .optFile(file)
                            .addStep(options.commandLine())
                            .addStep("or, with the same data: --recipe " + RECIPE);
            Differences.of(before, after, data.test(), data.kind().format())
                    .forEach(run::addDifference);
            repeatable(recipe, origin, pipeline).write(folder.resolve(RECIPE));
            printer.say(
                    new Results(
                            options.network(), dense, compressed, compression.report(), ledger));
            try (Model denseModel = dense(pipeline)) {
                run.optDense(denseModel.getBlock());
                ReportPage.write(run.build(), folder); // should what follows fail
                List<Deployment.Outcome> times = deploy(file, data, denseModel, run);
                if (!times.isEmpty()) {
                    run.optMeasured(
                            "accuracy",
                            dense.taking(times.get(0).milliseconds()),
                            compressed.taking(times.get(1).milliseconds()));
                }
                ReportPage.write(run.build(), folder);
            }
            if (options.qr()) {
                printer.say(draw(file));
            }
            printer.say("Written: " + folder);
            printer.next("open " + folder.resolve(ReportPage.PAGE) + " in a browser");
        }
    }

    /** The dense network once more: the model holds what became of it. */
    private static Model dense(Pipeline pipeline) {
        Model dense = pipeline.newModel();
        pipeline.loadDense(dense);
        return dense;
    }

    /** Shows the file where it would be used; returns how long an image takes, dense and now. */
    private List<Deployment.Outcome> deploy(Path file, ImageData data, Model dense, RunReport.Builder run)
            throws IOException, TranslateException {
        if (BonsaiFile.read(file).graph().isEmpty()) {
            return List.of(); // the report says why
        }
        Deployment deployment = new Deployment(data.test(), data.kind().format());
        Deployment.Outcome before = deployment.inDjl(dense);
        Deployment.Outcome djl = deployment.inDjl(file);
        Deployment.Outcome plain = deployment.inPlainJava(file);
        printer.say(
                "\nThe file at work, one image at a time:\n"
                        + before.describe("dense in DJL")
                        + "\n"
                        + djl.describe("DJL, toBlock()")
                        + "\n"
                        + plain.describe("plain Java"));
        run.addDeployed(djl.of(file, "DJL and PyTorch"));
        run.addDeployed(plain.of(file, "plain Java"));
        OnnxFiles.Written written = new OnnxFiles(data).write(file);
        written.files().forEach(run::addDeployed);
        printer.say(written.text());
        return List.of(before, djl);
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
        if (options.dense() != null) {
            new DenseFile(options.dense()).load(model, options.network().input(), "--dense");
        }
        if (options.dense() == null || options.trainsOn()) {
            pipeline.trainDense(model, plan, printer);
        }
    }
}
