package dev.bonsai.cli;

import dev.bonsai.cli.input.InputFiles;
import dev.bonsai.cli.input.PixelOptions;
import dev.bonsai.cli.input.Sample;
import dev.bonsai.command.InputException;
import dev.bonsai.command.Options;
import dev.bonsai.command.SeedOption;
import dev.bonsai.graph.Graph;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that try a model on samples. */
final class CalibrationOptions {

    @Option(
            names = "--calibrate",
            paramLabel = "PATH",
            description =
                    "Inputs like those that the model will see: an .npy or .csv file, a folder of"
                            + " pictures, or for several inputs NAME=FILE each (default: random"
                            + " ones).")
    private List<String> files = List.of();

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "500",
            converter = Options.ToCount.class,
            description = "The most of them that are used (default: ${DEFAULT-VALUE}).")
    private int most;

    @Mixin private PixelOptions pixels;

    @Mixin private SeedOption seed;

    boolean areGiven() {
        return !files.isEmpty();
    }

    /** Says what may help where a model can't be run on the samples. */
    InputException refused(String what, Exception e) {
        String remedy =
                areGiven()
                        ? ""
                        : "; random inputs tell little and may not fit the model: --calibrate gives"
                                + " real ones";
        return new InputException(what + ": " + e.getMessage() + remedy, e);
    }

    int seed() {
        return seed.seed();
    }

    Samples read(Graph graph) throws IOException {
        if (files.isEmpty()) {
            return Samples.random(graph, seed());
        }
        List<Sample> all = new InputFiles(graph, pixels).read(files);
        String origin = all.size() + " samples of " + String.join(", ", files);
        return new Samples(all, origin).atMost(most);
    }
}
