package dev.bonsai.examples;

import dev.bonsai.command.InputException;
import dev.bonsai.command.Options;
import dev.bonsai.examples.data.DataSource;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.data.ImageFormat;
import dev.bonsai.examples.network.Network;
import dev.bonsai.recipe.RecipeSetup;
import dev.bonsai.recipe.TrainingPlan;
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
                    "lenet5, lenet300, tiny or nano for images of MNIST's format, resnet8 for CIFAR-10's"
                            + " (default: ${DEFAULT-VALUE}).")
    private Network network;

    @Option(
            names = "--dense-epochs",
            paramLabel = "N",
            converter = Options.ToEpochs.class,
            description = "The epochs of the dense training (default: the preset's).")
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
        if (given("--dataset")) {
            throw new InputException(
                    "--dataset and --data both say which images to use: expected one of them;"
                            + " leave the other out");
        }
        return ImageData.fromFolder(folder);
    }

    Network network() {
        return network;
    }

    /** Tells whether the user wants other epochs than the preset's. */
    boolean hasDenseEpochs() {
        return denseEpochs != null;
    }

    /** Returns how a dense network is trained, as the user wants or as long as is usual. */
    TrainingPlan dense(ImageData images) {
        return dense(Presets.denseEpochs(network, images.trainingSize()));
    }

    /** Returns the same, with a number of epochs for a user who does not want another. */
    TrainingPlan dense(int usual) {
        return DenseTraining.of(network).plan(denseEpochs == null ? usual : denseEpochs);
    }

    /**
     * Takes up what a recipe says.
     *
     * @throws InputException if an option says it too, or it names what is not known here
     */
    void follow(RecipeSetup setup) {
        setup.network()
                .ifPresent(
                        name -> {
                            RecipeOption.refuse(command, "--network", "setup.network");
                            network = RecipeOption.value(() -> Network.parse(name), "");
                        });
        setup.dense()
                .ifPresent(plan -> RecipeOption.refuse(command, "--dense-epochs", "setup.dense"));
        boolean said = folder != null || given("--dataset");
        if (!said && setup.data().isPresent()) {
            String name = setup.data().get();
            dataset =
                    RecipeOption.value(
                            () -> DataSource.parse(name),
                            ": give the folder of these images with --data");
        }
    }

    private boolean given(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }
}
