package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.translate.TranslateException;
import dev.bonsai.command.Printer;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.file.BonsaiFile;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.page.Measured;
import dev.bonsai.page.ReportPage;
import dev.bonsai.page.RunReport;
import dev.bonsai.report.CompressionReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a run comes to: its numbers, the file at work, and the page about all of it. */
final class Conclusion {

    /** The compressed network. */
    static final String FILE = "model.bonsai";

    private static final String METRIC = "accuracy";

    private final ExampleOptions options;
    private final ImageData data;
    private final Pipeline pipeline;
    private final Printer printer;

    Conclusion(ExampleOptions options, ImageData data, Pipeline pipeline, Printer printer) {
        this.options = options;
        this.data = data;
        this.pipeline = pipeline;
        this.printer = printer;
    }

    /**
     * Prints and writes it.
     *
     * @param before what the dense network answers to the test images
     * @param after what the network of the file answers
     */
    void draw(Answers before, Answers after, CompressionReport report, ByteLedger ledger)
            throws IOException, TranslateException {
        Path folder = pipeline.folder();
        Path file = folder.resolve(FILE);
        Measured dense = Measured.ofShare(before.accuracy(), before.size(), pipeline.denseBytes());
        Measured compressed = Measured.ofShare(after.accuracy(), after.size(), Files.size(file));
        printer.say(new Results(options.network(), dense, compressed, report, ledger));
        RunReport.Builder run = run(report, dense, compressed).optFile(file);
        Differences.of(before, after, data.test(), data.kind().format())
                .forEach(run::addDifference);
        try (Model denseModel = pipeline.newModel()) {
            pipeline.loadDense(denseModel); // the other model holds what became of it
            run.optDense(denseModel.getBlock());
            ReportPage.write(run.build(), folder); // should what follows fail
            Optional<Times> times = deploy(file, denseModel, run);
            if (times.isPresent()) {
                run.optMeasured(
                        METRIC,
                        dense.taking(times.get().dense()),
                        compressed.taking(times.get().compressed()));
                ReportPage.write(run.build(), folder);
            }
        }
    }

    private RunReport.Builder run(CompressionReport report, Measured dense, Measured compressed) {
        return RunReport.builder(options.network() + " on " + data.name(), report)
                .addFact("dataset", data.name())
                .addFact("fingerprint", data.fingerprint())
                .addFact("network", options.network().id())
                .addFact("seed", options.seed())
                .optMeasured(METRIC, dense, compressed)
                .addStep(options.commandLine())
                .addStep("or, with the same data: --recipe " + ExampleRun.RECIPE);
    }

    /** The milliseconds that an image takes in DJL. */
    private record Times(double dense, double compressed) {}

    /** Shows the file where it would be used, if it can be run without the network's code. */
    private Optional<Times> deploy(Path file, Model dense, RunReport.Builder run)
            throws IOException, TranslateException {
        if (BonsaiFile.read(file).graph().isEmpty()) {
            OnnxFiles.forget(file);
            return Optional.empty(); // the report says why
        }
        Deployment deployment = new Deployment(data.test());
        Deployment.Outcome before = deployment.inDjl(dense);
        Deployment.Outcome djl = deployment.inDjl(file);
        Deployment.Outcome plain = deployment.inPlainJava(file);
        printer.say(
                "\nThe file at work, one image at a time:\n"
                        + before.describe("DJL, dense")
                        + "\n"
                        + djl.describe("DJL, toBlock()")
                        + "\n"
                        + plain.describe("plain Java"));
        run.addDeployed(djl.of(file, "DJL and PyTorch"));
        run.addDeployed(plain.of(file, "plain Java"));
        OnnxFiles.Written written = new OnnxFiles(data).write(file);
        written.files().forEach(run::addDeployed);
        printer.say(written.text());
        return Optional.of(new Times(before.milliseconds(), djl.milliseconds()));
    }
}
