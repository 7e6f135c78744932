package dev.bonsai.examples;

import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that every command of the example has: images, network, dense training. */
final class DataOptions {

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            converter = Parsers.ToDataSource.class,
            description = "auto, mnist, fashion-mnist or digits (default: auto).")
    private DataSource dataset;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "A folder with the four IDX files of MNIST's format, in place of --dataset.")
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

    /** Reads the images. */
    ImageData data() {
        if (folder == null) {
            return (dataset == null ? DataSource.AUTO : dataset).load();
        }
        if (dataset != null) {
            throw new OptionException(
                    "--dataset and --data both say which images to use: expected one of them;"
                            + " leave the other out");
        }
        return ImageData.fromFolder(folder);
    }

    Network network() {
        return network;
    }

    /** Tells whether the user wants other epochs than the recipe's. */
    boolean hasDenseEpochs() {
        return denseEpochs != null;
    }

    int denseEpochs(ImageData images) {
        return denseEpochs == null
                ? Recipe.of(network, Preset.STANDARD, images.trainingSize()).denseEpochs()
                : denseEpochs;
    }
}
