package dev.bonsai.recipe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bonsai.file.AtomicFile;
import dev.bonsai.json.RecordException;
import dev.bonsai.json.RecordJson;
import dev.bonsai.library.OptionalLibrary;
import dev.bonsai.recipe.RecipeException.Mistake;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads and writes recipes as YAML, with the techniques of a registry.
 *
 * <pre>{@code
 * RecipeFormat format = RecipeFormat.of(Techniques.standard()); // or .with("name", Settings.class)
 * CompressionRecipe recipe = format.read(Path.of("recipe.yaml"));
 * String yaml = format.text(recipe);
 * }</pre>
 *
 * <p>A key is that of a component of a record, and what is left out has its default. What is not
 * known, given twice, of a wrong form or out of its range is refused with line and column, and with
 * the key that was perhaps meant. A file has at most 256 KiB, 10,000 values and 32 levels.
 */
public final class RecipeFormat {

    /** Many times what a recipe needs. */
    static final int MOST_BYTES = 262_144;

    private static final RecipeFormat STANDARD = new RecipeFormat(Techniques.standard());

    private final RecordJson json;

    private RecipeFormat(Techniques techniques) {
        json = RecordJson.ofSettings(techniques.asMembers());
    }

    /**
     * Returns the format with the techniques of the library.
     *
     * @return the format
     */
    public static RecipeFormat standard() {
        return STANDARD;
    }

    /**
     * Returns the format with other techniques, as with some of one's own.
     *
     * @param techniques the techniques by name
     * @return the format
     */
    public static RecipeFormat of(Techniques techniques) {
        return new RecipeFormat(techniques);
    }

    /**
     * Reads a recipe.
     *
     * @param file a YAML file
     * @return the recipe
     * @throws IOException if the file can't be read
     * @throws RecipeException if it holds no recipe
     */
    public CompressionRecipe read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw refused(
                    file.toString(),
                    String.format(
                            Locale.ROOT,
                            "A recipe has at most %,d bytes, but the file has %,d: is it one?",
                            MOST_BYTES,
                            Files.size(file)));
        }
        try {
            return parse(Files.readString(file), file.toString());
        } catch (CharacterCodingException e) {
            throw refused(
                    file.toString(), "A recipe is text in UTF-8, but the file is not: save it so");
        }
    }

    private static RecipeException refused(String name, String message) {
        return new RecipeException(name, List.of(new Mistake(1, 1, message)));
    }

    /**
     * Reads a recipe from a text.
     *
     * @param yaml the text
     * @param name what messages name, such as the path of the file
     * @return the recipe
     * @throws RecipeException if it is none
     */
    public CompressionRecipe parse(String yaml, String name) {
        OptionalLibrary.YAML.need();
        OptionalLibrary.SIMILAR_WORDS.need();
        YamlTree tree = YamlTree.of(yaml, name);
        try {
            return json.fromJson(tree.object(), CompressionRecipe.class);
        } catch (RecordException e) {
            throw new RecipeException(name, tree.mistakes(e.getFlaws()));
        }
    }

    /**
     * Writes a recipe, whole or not at all.
     *
     * @param recipe the recipe
     * @param file where to
     * @throws IOException if the file can't be written
     * @throws RecipeException if it has something that can't be written down
     */
    public void write(CompressionRecipe recipe, Path file) throws IOException {
        AtomicFile.replace(file, text(recipe).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns a recipe as a text.
     *
     * @param recipe the recipe
     * @return YAML, of which {@link #parse} makes an equal recipe
     * @throws RecipeException if it has something that can't be written down, such as a criterion
     *     of one's own
     */
    public String text(CompressionRecipe recipe) {
        OptionalLibrary.YAML.need();
        return YamlText.of(written(recipe), List.of());
    }

    private JsonObject written(CompressionRecipe recipe) {
        try {
            return json.toJson(recipe);
        } catch (RecordException e) {
            throw new RecipeException(
                    "",
                    e.getFlaws().stream().map(flaw -> new Mistake(0, 0, flaw.toString())).toList());
        }
    }

    /**
     * Returns each value of a recipe by its place.
     *
     * @param recipe the recipe
     * @return the values as texts, by names such as {@code stages[0].gate.maxDrop}
     * @throws RecipeException if it has something that can't be written down
     */
    public Map<String, String> values(CompressionRecipe recipe) {
        Map<String, String> values = new LinkedHashMap<>();
        gather("", written(recipe), values);
        return values;
    }

    private static void gather(String place, JsonElement value, Map<String, String> values) {
        if (value.isJsonObject()) {
            String prefix = place.isEmpty() ? "" : place + ".";
            value.getAsJsonObject()
                    .asMap()
                    .forEach((name, inner) -> gather(prefix + name, inner, values));
        } else if (value.isJsonArray()) {
            for (int i = 0; i < value.getAsJsonArray().size(); ++i) {
                gather(place + "[" + i + "]", value.getAsJsonArray().get(i), values);
            }
        } else {
            values.put(place, value.getAsString());
        }
    }

    /**
     * Returns a recipe as a text, whatever it holds: what can't be written down is a key without a
     * value, and a line that says why. Such a text is refused by {@link #parse} at that line, so
     * that nobody repeats another run by it unawares.
     *
     * @param recipe the recipe
     * @return YAML
     */
    public String draft(CompressionRecipe recipe) {
        OptionalLibrary.YAML.need();
        try {
            return YamlText.of(json.toJson(recipe), List.of());
        } catch (RecordException e) {
            JsonObject written = e.getPartial().getAsJsonObject();
            return YamlText.of(written, e.getFlaws());
        }
    }
}
