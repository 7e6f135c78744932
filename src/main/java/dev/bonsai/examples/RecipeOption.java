package dev.bonsai.examples;

import dev.bonsai.command.InputException;
import dev.bonsai.recipe.CompressionRecipe;
import dev.bonsai.recipe.RecipeStage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What {@code --recipe} names: a recipe that says how a network is compressed, so that no option
 * may say it too. What it leaves out is said by the options.
 */
final class RecipeOption {

    private static final String OPTION = "--recipe";

    /** The options that every recipe has an answer to, and where it stands. */
    private static final Map<String, String> SAID =
            Map.of(
                    "--preset", "stages",
                    "--epochs", "stages: training: epochs",
                    "--sparsity", "stages: techniques",
                    "--bits", "stages: techniques",
                    "--lambda", "stages: techniques",
                    "--max-drop", "stages: gate: maxDrop",
                    "--confidence", "stages: gate: confidence");

    private RecipeOption() {}

    /**
     * Reads the recipe.
     *
     * @throws InputException if the file can't be read, an option says what it says, or it does not
     *     say how to train
     * @throws dev.bonsai.recipe.RecipeException if it is none
     */
    static CompressionRecipe read(Path file, CommandSpec command) {
        SAID.forEach((option, key) -> refuse(command, option, key));
        CompressionRecipe recipe;
        try {
            recipe = CompressionRecipe.read(file);
        } catch (IOException e) {
            throw new InputException(
                    OPTION
                            + ": expected a file that can be read, such as the recipe.yaml of an"
                            + " earlier run, but got: "
                            + e,
                    e);
        }
        for (RecipeStage stage : recipe.stages()) {
            if (stage.training().isEmpty()) {
                throw new InputException(
                        String.format(
                                Locale.ROOT,
                                "%s: expected each stage of %s to say how the network is trained,"
                                        + " but stage %d does not: add training: {epochs: 20}",
                                OPTION,
                                file,
                                recipe.stages().indexOf(stage) + 1));
            }
        }
        return recipe;
    }

    /**
     * Refuses an option that the recipe has an answer to.
     *
     * @throws InputException if the option was given
     */
    static void refuse(CommandSpec command, String option, String key) {
        if (command.commandLine().getParseResult().hasMatchedOption(option)) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s and %s both say what '%s' of the recipe is: expected one of them;"
                                    + " leave the option out, and edit the recipe instead",
                            OPTION,
                            option,
                            key));
        }
    }

    /**
     * Returns a value that the recipe names.
     *
     * @throws InputException if it is not known
     */
    static <T> T value(Supplier<T> parse, String remedy) {
        try {
            return parse.get();
        } catch (IllegalArgumentException e) {
            throw new InputException(OPTION + ": " + e.getMessage() + remedy, e);
        }
    }
}
