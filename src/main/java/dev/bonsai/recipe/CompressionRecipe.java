package dev.bonsai.recipe;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.bonsai.CompressionListener;
import dev.bonsai.core.Bounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The whole set-up of a compression as one value, which a YAML file holds: techniques, selectors,
 * schedules, gate, training and seed, so that a run can be repeated.
 *
 * <pre>{@code
 * CompressionRecipe recipe = CompressionRecipe.read(Path.of("recipe.yaml"));
 * RecipeStage stage = recipe.stages().get(0);
 * Gate gate = stage.newGate().optEvaluation(validation, new Accuracy()).build();
 * config.addTrainingListeners(TrainingListener.Defaults.basic())
 *         .addTrainingListeners(stage.newListener(gate).build());
 * }</pre>
 *
 * <p>A listener that was built in Java is written down by {@code
 * CompressionRecipe.of(listener).write(file)}. {@link RecipeFormat} reads and writes recipes with
 * techniques of one's own. docs/recipes.md explains every key. Reading and writing need
 * snakeyaml-engine and commons-text on the class path.
 *
 * @param seed determines every random choice of the training, at least 0; empty if that is left to
 *     the program. Random choices of a technique have a seed of their own
 * @param setup what the compression begins with; empty if nothing is said
 * @param stages the trainings, one behind the other, at least one: each but the first goes on with
 *     what the one before has left
 */
public record CompressionRecipe(
        @Bounds(atLeast = 0, atMost = Integer.MAX_VALUE) OptionalLong seed,
        Optional<RecipeSetup> setup,
        List<RecipeStage> stages) {

    /**
     * Checks the values; what is null is empty.
     *
     * @throws IllegalArgumentException if there is no stage, or the seed is out of its range
     */
    public CompressionRecipe {
        seed = requireNonNullElseGet(seed, OptionalLong::empty);
        setup = requireNonNullElseGet(setup, Optional::empty);
        stages = List.copyOf(requireNonNullElse(stages, List.of()));
        seed.ifPresent(CompressionRecipe::checkSeed);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException(
                    "A recipe has at least one stage, but got none: add one to 'stages', with its"
                            + " 'techniques'");
        }
    }

    private static void checkSeed(long seed) {
        if (seed < 0 || seed > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "A seed is a whole number from 0 to "
                            + Integer.MAX_VALUE
                            + ", but got "
                            + seed
                            + ": use 1");
        }
    }

    /**
     * Returns the recipe of listeners that were built in Java.
     *
     * @param listeners the listener of each stage, at least one
     * @return the recipe, without seed and set-up, of which a listener knows nothing
     * @throws IllegalArgumentException if a listener takes code that no data can tell
     */
    public static CompressionRecipe of(CompressionListener... listeners) {
        return of(
                Arrays.stream(listeners)
                        .map(listener -> RecipeStage.of(listener, Optional.empty()))
                        .toList());
    }

    /**
     * Returns the recipe of stages.
     *
     * @param stages at least one
     * @return the recipe, without seed and set-up
     */
    public static CompressionRecipe of(List<RecipeStage> stages) {
        return new CompressionRecipe(OptionalLong.empty(), Optional.empty(), stages);
    }

    /**
     * Returns the same recipe with a seed.
     *
     * @param number the seed, from 0 to 2,147,483,647
     * @return the recipe
     */
    public CompressionRecipe withSeed(long number) {
        return new CompressionRecipe(OptionalLong.of(number), setup, stages);
    }

    /**
     * Returns the same recipe with what it begins with.
     *
     * @param begin what it begins with
     * @return the recipe
     */
    public CompressionRecipe withSetup(RecipeSetup begin) {
        return new CompressionRecipe(seed, Optional.of(begin), stages);
    }

    /**
     * Returns each value by its place, to compare recipes or to log one.
     *
     * @return the values as texts, by names such as {@code stages[0].gate.maxDrop}, in the order of
     *     the file
     * @throws RecipeException if it has something that can't be written down
     */
    public Map<String, String> values() {
        return RecipeFormat.standard().values(this);
    }

    /**
     * Reads a recipe with the techniques of the library.
     *
     * @param file a YAML file
     * @return the recipe
     * @throws IOException if the file can't be read
     * @throws RecipeException if it holds no recipe: the message says what is wrong, and where
     */
    public static CompressionRecipe read(Path file) throws IOException {
        return RecipeFormat.standard().read(file);
    }

    /**
     * Writes this recipe as YAML, whole or not at all.
     *
     * @param file where to
     * @throws IOException if the file can't be written
     * @throws RecipeException if it has something that can't be written down, such as a criterion
     *     of one's own: the message names it
     */
    public void write(Path file) throws IOException {
        RecipeFormat.standard().write(this, file);
    }

    /**
     * Returns this recipe as YAML.
     *
     * @return what {@link #write} writes
     * @throws RecipeException if it has something that can't be written down
     */
    public String toYaml() {
        return RecipeFormat.standard().text(this);
    }
}
