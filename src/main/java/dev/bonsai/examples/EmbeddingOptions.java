package dev.bonsai.examples;

import dev.bonsai.command.CommandRunner;
import dev.bonsai.command.Options;
import dev.bonsai.command.Printer;
import dev.bonsai.command.SeedOption;
import dev.bonsai.examples.sentence.PairFile;
import dev.bonsai.examples.sentence.SentencePair;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@link EmbeddingCompression}. */
@Command(
        name = "EmbeddingCompression",
        description = "Makes a model of sentences small, and measures what is lost.")
final class EmbeddingOptions implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description =
                    "A folder with the STS benchmark in stsb-train.csv, stsb-dev.csv and"
                            + " stsb-test.csv: rows of two sentences and a score.")
    private Path data;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "A text to train on besides, a sentence a line; may be given repeatedly.")
    private List<Path> texts = List.of();

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description =
                    "An ONNX file as sentence-transformers export it (default: all-MiniLM-L6-v2 of"
                            + " langchain4j on the class path).")
    private Path model;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "The tokenizer.json of that model (default: that of all-MiniLM-L6-v2).")
    private Path tokenizer;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = Parsers.ToEpochsOrNone.class,
            description =
                    "The epochs of the training; 0 quantizes the model as it is, more carefully"
                            + " (default: the recipe's).")
    private Integer epochs;

    @Option(
            names = "--word-step",
            paramLabel = "WIDTH",
            converter = Parsers.ToStep.class,
            description =
                    "The distance of two values of a word's vector, in root mean squares: the"
                            + " wider, the fewer bytes.")
    private Float wordStep;

    @Option(
            names = "--layer-step",
            paramLabel = "WIDTH",
            converter = Parsers.ToStep.class,
            description = "The same of all other matrices.")
    private Float layerStep;

    @Option(
            names = "--max-drop",
            paramLabel = "DROP",
            converter = Options.ToDrop.class,
            description =
                    "What the compression may cost in Spearman's correlation on the development"
                            + " set, in [0, 1].")
    private Float maxDrop;

    @Mixin private SeedOption seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "target/bonsai/embedding",
            description = "Where the results go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        new EmbeddingRun(this, Printer.of(spec)).run();
        return 0;
    }

    /** Reads the pairs of one of the three sets. */
    List<SentencePair> pairs(String set) {
        return PairFile.read(data.resolve("stsb-" + set + ".csv"));
    }

    /** Reads the further texts. */
    List<String> text() {
        return texts.stream().flatMap(file -> EmbeddingText.read(file).stream()).toList();
    }

    EmbeddingSource source() {
        return EmbeddingSource.of(model, tokenizer);
    }

    int seed() {
        return seed.seed();
    }

    String commandLine() {
        return CommandRunner.given(spec);
    }

    Path out() {
        return out;
    }

    /** Returns the recipe with what the user wants otherwise. */
    EmbeddingRecipe recipe() {
        EmbeddingRecipe recipe = EmbeddingRecipe.of(epochs);
        return new EmbeddingRecipe(
                recipe.epochs(),
                wordStep == null ? recipe.wordStep() : wordStep,
                layerStep == null ? recipe.layerStep() : layerStep,
                maxDrop == null ? recipe.maxDrop() : maxDrop);
    }
}
