package dev.bonsai.examples;

import ai.djl.translate.TranslateException;
import dev.bonsai.CompressedModel;
import dev.bonsai.CompressionListener;
import dev.bonsai.command.OutputFolder;
import dev.bonsai.command.Printer;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.graph.Graph;
import dev.bonsai.search.Outcome;
import dev.bonsai.search.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** One trial of a search: compresses a pipeline's dense network by a strategy, into a file. */
final class CompressionTrial {

    private final Pipeline pipeline;
    private final StrategySpace space;
    private final ImageData images;
    private final Printer printer;

    /** That of the first trial here, which is that of all. */
    private Optional<Graph> graph = Optional.empty();

    CompressionTrial(Pipeline pipeline, StrategySpace space, ImageData images, Printer printer) {
        this.pipeline = pipeline;
        this.space = space;
        this.images = images;
        this.printer = printer;
    }

    /** Returns the name that the file of a trial has. */
    static String fileName(Strategy strategy, int epochs) {
        return OutputFolder.fileName("trial_" + strategy + "_" + epochs) + ".bonsai";
    }

    /** Compresses, writes the file, reads it back and judges that on the validation images. */
    Outcome run(Strategy strategy, int epochs, Path file) throws IOException, TranslateException {
        printer.say("Trial of " + strategy);
        CompressedModel compressed =
                pipeline.compressUnjudged(
                                CompressionListener.builder()
                                        .addTechniques(space.techniques(strategy, epochs))
                                        .optWarmup(0)
                                        .optGraph(graph.isEmpty()),
                                epochs,
                                space.learningRate(),
                                space.loss(),
                                printer)
                        .getCompressedModel();
        graph = graph.or(compressed::getGraph);
        graph.map(compressed::withGraph).orElse(compressed).save(file);
        Answers answers = pipeline.readBack(file, images.validation());
        return new Outcome(Files.size(file), answers.accuracy());
    }
}
