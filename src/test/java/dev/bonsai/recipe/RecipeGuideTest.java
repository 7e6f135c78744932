package dev.bonsai.recipe;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** The guide's recipes can be read, and it explains every key. */
public class RecipeGuideTest {

    private static final Path GUIDE = Path.of("docs", "recipes.md");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

    @DataProvider
    Object[][] examples() throws IOException {
        List<Object[]> examples = new ArrayList<>();
        Matcher matcher = EXAMPLE.matcher(Files.readString(GUIDE));
        while (matcher.find()) {
            examples.add(new Object[] {matcher.group(1)});
        }
        assertTrue(examples.size() >= 3, "a least one, a usual one, and stages");
        return examples.toArray(new Object[0][]);
    }

    @Test(dataProvider = "examples")
    void anExampleIsReadAndKeepsItsMeaning(String yaml) {
        CompressionRecipe recipe = RecipeFormat.standard().parse(yaml, GUIDE.toString());
        assertEquals(RecipeFormat.standard().parse(recipe.toYaml(), "written"), recipe);
    }

    @Test
    void everyKeyAndEveryTechniqueIsExplained() throws IOException {
        String guide = Files.readString(GUIDE);
        Set<String> keys = new TreeSet<>(Techniques.standard().getNames());
        gather(JsonParser.parseString(RecipeSchema.committed()), keys);
        assertTrue(keys.size() > 60, keys.toString());
        Set<String> untold = new TreeSet<>(keys);
        untold.removeIf(key -> guide.contains("`" + key + "`"));
        assertEquals(untold, Set.of());
    }

    private static void gather(JsonElement json, Set<String> keys) {
        if (json.isJsonArray()) {
            json.getAsJsonArray().forEach(item -> gather(item, keys));
        } else if (json.isJsonObject()) {
            JsonObject object = json.getAsJsonObject();
            if (object.has("properties") && object.get("properties").isJsonObject()) {
                keys.addAll(object.getAsJsonObject("properties").keySet());
            }
            object.asMap().values().forEach(value -> gather(value, keys));
        }
    }
}
