package dev.bonsai.examples;

import ai.djl.Model;
import ai.djl.translate.TranslateException;
import dev.bonsai.CompressedModel;
import dev.bonsai.CompressionListener;
import dev.bonsai.block.GraphBlock;
import dev.bonsai.command.OutputFolder;
import dev.bonsai.command.Printer;
import dev.bonsai.examples.sentence.SentencePair;
import dev.bonsai.examples.sentence.SentenceVectors;
import dev.bonsai.examples.sentence.SimilarityTask;
import dev.bonsai.examples.sentence.Tokens;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.graph.Graph;
import dev.bonsai.page.Measured;
import dev.bonsai.page.ReportPage;
import dev.bonsai.page.RunReport;
import dev.bonsai.recipe.CompressionRecipe;
import dev.bonsai.runtime.PlainModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One run of {@link EmbeddingCompression}: compresses, writes, reads back, and measures both models
 * on the test set.
 */
final class EmbeddingRun {

    private static final String FILE = "model.bonsai";

    /** Correlations are published times 100. */
    private static final double PUBLISHED = 100;

    /** The sentences of the test set that plain Java computes too. */
    private static final int COMPARED = 100;

    private final EmbeddingOptions options;
    private final Printer printer;

    EmbeddingRun(EmbeddingOptions options, Printer printer) {
        this.options = options;
        this.printer = printer;
    }

    void run() throws IOException, TranslateException {
        long begin = System.nanoTime();
        long processor = processorSeconds();
        Path folder =
                OutputFolder.prepare(
                        options.out(),
                        FILE,
                        ReportPage.NUMBERS,
                        ReportPage.PAGE,
                        ExampleRun.RECIPE);
        List<SentencePair> training = options.pairs("train");
        List<SentencePair> development = options.pairs("dev");
        List<SentencePair> test = options.pairs("test");
        List<String> text = options.text();
        EmbeddingRecipe recipe = options.recipe();
        EmbeddingSource source = options.source();
        Graph sentences = source.sentences().graph();
        try (Tokens tokens = source.tokens();
                Model model = Model.newInstance("embedding")) {
            GraphBlock block = GraphBlock.of(source.teacher());
            block.initialize(model.getNDManager());
            model.setBlock(block);
            SimilarityTask judged = SimilarityTask.of(test, tokens);
            double spearman = judged.spearman(SentenceVectors.of(block, judged.sentences()));
            printer.say(recipe.describe());
            CompressionListener listener =
                    new EmbeddingTraining(
                                    recipe,
                                    SimilarityTask.of(development, tokens),
                                    options.seed(),
                                    printer)
                            .run(model, tokens.of(sentences(training, text)));
            Path file = folder.resolve(FILE);
            ByteLedger ledger = listener.getCompressedModel().withGraph(sentences).save(file);
            EmbeddingResults results =
                    new EmbeddingResults(
                            Measured.of(PUBLISHED * spearman, source.onnx().length),
                            readBack(file, judged),
                            listener.getReport(),
                            ledger,
                            (System.nanoTime() - begin) / 1_000_000_000,
                            processorSeconds() - processor);
            RunReport.Builder run =
                    RunReport.builder(source.name() + " on sentences", results.report())
                            .addFact("model", source.name())
                            .addFact("seed", options.seed())
                            .addFact("seconds", results.seconds())
                            .addFact("processorSeconds", results.processorSeconds())
                            .optMeasured("spearman", results.dense(), results.compressed())
                            .optFile(file)
                            .addStep(options.commandLine());
            recipe.facts().forEach(run::addFact);
            ReportPage.write(run.build(), folder);
            CompressionRecipe.of(listener)
                    .withSeed(options.seed())
                    .write(folder.resolve(ExampleRun.RECIPE));
            printer.say(results);
            printer.say("Written: " + folder);
            printer.next("open " + folder.resolve(ReportPage.PAGE) + " in a browser");
        }
    }

    /** What the processors have worked for this process, or 0 where the system does not tell. */
    private static long processorSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toSeconds();
    }

    /** Each sentence once. */
    private static List<String> sentences(List<SentencePair> pairs, List<String> text) {
        Set<String> sentences = new LinkedHashSet<>();
        for (SentencePair pair : pairs) {
            sentences.add(pair.first());
            sentences.add(pair.second());
        }
        sentences.addAll(text);
        return List.copyOf(sentences);
    }

    /** Judges what the file holds, and has plain Java compute some of it. */
    private Measured readBack(Path file, SimilarityTask judged) throws IOException {
        try (Model model = CompressedModel.load(file).toModel("embedding")) {
            float[][] vectors = SentenceVectors.of(model.getBlock(), judged.sentences());
            List<long[]> some =
                    judged.sentences().subList(0, Math.min(COMPARED, judged.sentences().size()));
            float[][] plain = SentenceVectors.of(PlainModel.load(file), some);
            printer.say(
                    String.format(
                            Locale.ROOT,
                            "Plain Java computes the same vectors from the file: %d differ by at"
                                    + " most %.1e",
                            plain.length,
                            largestDifference(plain, vectors)));
            return Measured.of(PUBLISHED * judged.spearman(vectors), Files.size(file));
        }
    }

    private static double largestDifference(float[][] some, float[][] all) {
        double largest = 0;
        for (int i = 0; i < some.length; ++i) {
            for (int j = 0; j < some[i].length; ++j) {
                largest = Math.max(largest, Math.abs(some[i][j] - all[i][j]));
            }
        }
        return largest;
    }
}
