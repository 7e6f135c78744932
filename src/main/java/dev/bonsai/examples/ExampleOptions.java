package dev.bonsai.examples;

import dev.bonsai.command.CommandRunner;
import dev.bonsai.command.InputException;
import dev.bonsai.command.Options;
import dev.bonsai.command.Printer;
import dev.bonsai.command.SeedOption;
import dev.bonsai.examples.PresetSettings.Goal;
import dev.bonsai.examples.PresetSettings.Tolerance;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.examples.network.Network;
import dev.bonsai.recipe.CompressionRecipe;
import dev.bonsai.recipe.RecipeSetup;
import dev.bonsai.recipe.TrainingPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of the examples; {@link Example} names and describes it. */
@CommandLine.Command(subcommands = {SearchCommand.class, StrategiesCommand.class})
final class ExampleOptions implements Callable<Integer> {

    @Mixin private DataOptions data;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            defaultValue = "standard",
            converter = Parsers.ToPreset.class,
            description =
                    "standard; small for a small file, smallest for a smaller one, for the LeNets in"
                            + " two trainings (nano has this alone, resnet8 has not);"
                            + " thin or fast for fewer channels: to save parameters or"
                            + " multiply-adds (default: ${DEFAULT-VALUE}).")
    private Preset preset;

    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description =
                    "A recipe in YAML, such as the recipe.yaml of an earlier run, in place of"
                            + " --preset and whatever else it says: see docs/recipes.md.")
    private Path recipeFile;

    @Option(
            names = "--dense",
            paramLabel = "DIR",
            description =
                    "The --out of an earlier run, to begin with its dense network; with"
                            + " --dense-epochs it is trained on before it is compressed.")
    private Path dense;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            converter = Options.ToEpochs.class,
            description = "The epochs of the compression (default: the preset's).")
    private Integer epochs;

    @Option(
            names = "--sparsity",
            paramLabel = "FRACTION",
            converter = Options.ToSparsity.class,
            description =
                    "The fraction of weights to remove, in [0, 1); of parameters with --preset"
                            + " thin, of multiply-adds with fast.")
    private Float sparsity;

    @Option(
            names = "--bits",
            paramLabel = "N",
            converter = Options.ToBits.class,
            description = "The bits of a weight, from 2 to 16.")
    private Integer bits;

    @Option(
            names = "--lambda",
            paramLabel = "COST",
            converter = Parsers.ToLambda.class,
            description =
                    "What a bit may cost in the end, in squared steps of the grid, such as 0.4:"
                            + " quantized weights are rounded by what they take in the file, too"
                            + " (default: to the nearest only, but with --preset smallest).")
    private Double lambda;

    @Option(
            names = "--max-drop",
            paramLabel = "FRACTION",
            converter = Options.ToDrop.class,
            description = "What it may cost in validation accuracy, in [0, 1].")
    private Float maxDrop;

    @Option(
            names = "--confidence",
            paramLabel = "FRACTION",
            converter = Parsers.ToConfidence.class,
            description =
                    "How sure it must be that it costs no more, in [0.5, 1), such as 0.95"
                            + " (default: accuracies are compared as they are).")
    private Double confidence;

    @Mixin private SeedOption seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the results go (default: target/bonsai/NETWORK).")
    private Path out;

    @Option(
            names = "--checkpoints",
            paramLabel = "DIR",
            description =
                    "Where the compression is written down at each epoch's end: after a kill the"
                            + " same command goes on from there.")
    private Path checkpoints;

    @Option(
            names = "--qr",
            description = "Draw model.bonsai as a QR code, if it has at most 2,953 bytes.")
    private boolean qr;

    @Spec private CommandSpec spec;

    private Optional<CompressionRecipe> given = Optional.empty();

    @Override
    public Integer call() throws Exception {
        if (dense != null && data.hasDenseEpochs() && checkpoints != null) {
            throw new InputException(
                    "With --dense and --dense-epochs a dense network is trained on, which"
                            + " --checkpoints does not write down: train it on in a run of its own,"
                            + " and take that run's --out as --dense");
        }
        if (recipeFile != null) {
            follow(RecipeOption.read(recipeFile, spec));
        }
        if (given.isEmpty() && !Presets.has(network(), preset)) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "--preset: there is no %s for %s: use %s",
                            preset,
                            network(),
                            Presets.nearest(network())));
        }
        if (trainsOn() && network().newBlockWithNorms().isPresent()) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "--dense-epochs: the batch norms that %s is trained with are part of its"
                                    + " convolutions in --dense, so that it can't be trained on:"
                                    + " leave it out",
                            network()));
        }
        ExampleRun run = new ExampleRun(this, Printer.of(spec));
        try {
            run.run();
        } catch (IllegalArgumentException e) { // such as a selector that matches no weight
            throw given.isEmpty() ? e : new InputException("--recipe: " + e.getMessage(), e);
        }
        return 0;
    }

    private void follow(CompressionRecipe recipe) {
        recipe.setup().ifPresent(data::follow);
        if (recipe.seed().isPresent()) {
            RecipeOption.refuse(spec, "--seed", "seed");
        }
        given = Optional.of(recipe);
    }

    ImageData data() {
        return data.data();
    }

    Network network() {
        return data.network();
    }

    Path dense() {
        return dense;
    }

    /** Tells whether a dense network of an earlier run is trained on. */
    boolean trainsOn() {
        return dense != null && data.hasDenseEpochs();
    }

    int seed() {
        OptionalLong said = given.map(CompressionRecipe::seed).orElse(OptionalLong.empty());
        return said.isPresent() ? Math.toIntExact(said.getAsLong()) : seed.seed();
    }

    String commandLine() {
        return CommandRunner.given(spec);
    }

    Path out() {
        return out == null ? Path.of("target", "bonsai", network().id()) : out;
    }

    /** Tells whether the user says how long the dense network is trained. */
    boolean hasDenseEpochs() {
        return data.hasDenseEpochs();
    }

    /** Tells whether the file is drawn as a QR code. */
    boolean qr() {
        return qr;
    }

    /** Returns the folder where the compression is written down; it is there. */
    Optional<RunFolder> checkpoints() {
        return Optional.ofNullable(checkpoints).map(RunFolder::prepare);
    }

    /** Returns the recipe that {@code --recipe} names. */
    Optional<CompressionRecipe> given() {
        return given;
    }

    /**
     * Returns what is done: what the recipe says that the user gives, or the preset and the other
     * options, and in each case all that else depends on.
     */
    CompressionRecipe recipe(ImageData images) {
        return given.map(said -> completed(said, images)).orElseGet(() -> ofPreset(images));
    }

    private CompressionRecipe completed(CompressionRecipe said, ImageData images) {
        Optional<RecipeSetup> setup = said.setup();
        return said.withSeed(seed())
                .withSetup(
                        setup(
                                images,
                                setup.flatMap(known -> known.batchSize().stream().boxed().findAny())
                                        .orElse(Training.BATCH_SIZE),
                                setup.flatMap(RecipeSetup::dense)
                                        .orElseGet(() -> data.dense(images))));
    }

    /** The options change the last stage alone but for what it may cost. */
    private CompressionRecipe ofPreset(ImageData images) {
        List<PresetSettings> stages =
                new ArrayList<>(Presets.stages(network(), preset, images.trainingSize()));
        int last = stages.size() - 1;
        stages.set(last, wanted(stages.get(last)));
        stages.replaceAll(this::tolerating);
        TrainingPlan dense = data.dense(stages.get(last).course().denseEpochs());
        return CompressionRecipe.of(stages.stream().map(PresetSettings::stage).toList())
                .withSeed(seed())
                .withSetup(setup(images, Training.BATCH_SIZE, dense));
    }

    private RecipeSetup setup(ImageData images, int batchSize, TrainingPlan dense) {
        return new RecipeSetup(
                Optional.of(network().id()),
                Optional.of(images.name()),
                Optional.of(images.fingerprint()),
                OptionalInt.of(batchSize),
                Optional.of(dense));
    }

    private PresetSettings tolerating(PresetSettings usual) {
        Tolerance tolerance = usual.tolerance();
        return new PresetSettings(
                usual.goal(),
                usual.course(),
                new Tolerance(
                        maxDrop == null ? tolerance.maxDrop() : maxDrop,
                        confidence == null
                                ? tolerance.confidence()
                                : OptionalDouble.of(confidence)));
    }

    private PresetSettings wanted(PresetSettings usual) {
        Goal goal = usual.goal();
        return new PresetSettings(
                new Goal(
                        goal.preset(),
                        sparsity == null ? goal.sparsity() : sparsity,
                        bits == null ? goal.bits() : bits,
                        lambda == null ? goal.lambda() : OptionalDouble.of(lambda),
                        goal.thinned()),
                epochs == null ? usual.course() : usual.course().of(epochs),
                usual.tolerance());
    }
}
