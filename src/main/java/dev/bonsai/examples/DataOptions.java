package dev.bonsai.examples;

import dev.bonsai.command.Options;
import dev.bonsai.command.InputException;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.data.ImageFormat;
import dev.bonsai.examples.network.Network;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command of the example has: images, network, dense training. */
final class DataOptions {

    @Option(
            names = "--dataset",
            paramLabel = "NAME",
            defaultValue = "auto",
            converter = Parsers.ToDataSource.class,
            description =
                    "auto, mnist, fashion-mnist, digits or cifar-10 (default: ${DEFAULT-VALUE}).")
    private DataSource dataset;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "A folder with the four IDX files of MNIST's format, or with CIFAR-10 in"
                            + " cifar10-train.zip and cifar10-test.zip, in place of --dataset.")
    private Path folder;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            defaultValue = "lenet5",
            converter = Parsers.ToNetwork.class,
            description =
                    "lenet5, lenet300 or tiny for images of MNIST's format, resnet8 for CIFAR-10's"
                            + " (default: ${DEFAULT-VALUE}).")
    private Network network;

    @Option(
            names = "--dense-epochs",
            paramLabel = "N",
            converter = Options.ToEpochs.class,
            description = "The epochs of the dense training (default: the network's recipe).")
    private Integer denseEpochs;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * Reads the images.
     *
     * @throws InputException if the network takes images of another format
     */
    ImageData data() {
        ImageData images = read();
        ImageFormat format = images.kind().format();
        if (!network.input().equals(format)) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "--network: %s takes images of %s, but those of %s have %s: take other"
                                    + " images, or a network for these: %s",
                            network,
                            network.input(),
                            images.name(),
                            format,
                            Network.of(format).stream()
                                    .map(Network::id)
                                    .collect(Collectors.joining(", "))));
        }
        return images;
    }

    private ImageData read() {
        if (folder == null) {
            return dataset.load();
        }
        if (command.commandLine().getParseResult().hasMatchedOption("--dataset")) {
            throw new InputException(
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
                ? Recipes.of(network, Preset.STANDARD, images.trainingSize()).denseEpochs()
                : denseEpochs;
    }
}
