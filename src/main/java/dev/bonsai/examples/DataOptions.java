package dev.bonsai.examples;

import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that every command of the example has: help, images, network, dense training. */
final class DataOptions {

    @Option(names = "--help", usageHelp = true, description = "Shows this text.")
    @SuppressWarnings("UnusedVariable") // picocli sets it
    private boolean help;

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            defaultValue = "auto",
            converter = Parsers.ToDataSource.class,
            description = "auto, mnist, fashion-mnist or digits (default: ${DEFAULT-VALUE}).")
    private DataSource dataset;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "A folder with the four IDX files of MNIST's format; wins over --dataset.")
    private Path folder;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            defaultValue = "lenet5",
            converter = Parsers.ToNetwork.class,
            description = "lenet5, lenet300 or tiny (default: ${DEFAULT-VALUE}).")
    private Network network;

    @Option(
            names = "--dense-epochs",
            paramLabel = "N",
            converter = Parsers.ToEpochs.class,
            description = "The epochs of the dense training (default: the network's recipe).")
    private Integer denseEpochs;

    ImageData data() {
        return folder == null ? dataset.load() : ImageData.fromFolder(folder);
    }

    Network network() {
        return network;
    }

    int denseEpochs() {
        return denseEpochs == null
                ? Recipe.of(network, Preset.STANDARD).denseEpochs()
                : denseEpochs;
    }
}
