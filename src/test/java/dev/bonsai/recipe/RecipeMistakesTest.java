package dev.bonsai.recipe;

import static dev.bonsai.core.Messages.assertMessage;
import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.bonsai.recipe.RecipeException.Mistake;
import java.util.ArrayList;
import java.util.List;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Whatever is wrong, wherever in a recipe, is told with its place. */
public class RecipeMistakesTest {

    private static final String FILE = "folder/recipe.yaml";

    private static final JsonObject WHOLE = RecipeTree.json(RecipeSamples.whole());

    private static JsonObject whole() {
        return WHOLE.deepCopy();
    }

    private static RecipeException refused(String yaml) {
        return expectThrows(RecipeException.class, () -> RecipeFormat.standard().parse(yaml, FILE));
    }

    /** Asserts that a text that stands once in the YAML is where the one mistake is. */
    private static Mistake assertOneAt(String yaml, String text) {
        List<String> lines = yaml.lines().toList();
        List<String> found = lines.stream().filter(line -> line.contains(text)).toList();
        assertEquals(found.size(), 1, text);
        RecipeException e = refused(yaml);
        assertEquals(e.getMistakes().size(), 1, e.getMessage());
        Mistake mistake = e.getMistakes().get(0);
        assertEquals(mistake.line(), lines.indexOf(found.get(0)) + 1, e.getMessage());
        assertEquals(mistake.column(), found.get(0).indexOf(text) + 1, e.getMessage());
        assertEquals(
                e.getMessage(),
                FILE + ":" + mistake.line() + ":" + mistake.column() + ": " + mistake.message());
        return mistake;
    }

    /** JSON is YAML, and its lines show where everything is. */
    private static String pretty(JsonElement json) {
        return new GsonBuilder().setPrettyPrinting().create().toJson(json);
    }

    @Test
    void anUnknownKeyIsFoundAtEveryLevel() {
        int objects = 0;
        for (RecipeTree.Place place : RecipeTree.places(whole())) {
            if (place.value().isJsonObject()) {
                JsonObject copy = whole();
                RecipeTree.at(copy, place.path()).getAsJsonObject().addProperty("unheardOf", 1);
                Mistake mistake = assertOneAt(pretty(copy), "\"unheardOf\"");
                assertTrue(mistake.message().startsWith("There is no setting 'unheardOf'"));
                ++objects;
            }
        }
        assertTrue(objects > 30, objects + " objects: techniques, ramps, gates and more");
    }

    @Test
    void anUnknownKeyIsFoundAtEveryLevelOfBlocks() {
        String yaml = RecipeSamples.whole().toYaml();
        List<String> lines = yaml.lines().toList();
        for (int i = 0; i < lines.size(); ++i) {
            if (lines.get(i).matches(" *[a-zA-Z]+: \\S.*")) {
                List<String> changed = new ArrayList<>(lines);
                String indent = lines.get(i).replaceAll("\\S.*", "");
                changed.add(i, indent + "unheardOf: 1");
                assertOneAt(String.join("\n", changed), "unheardOf");
            }
        }
    }

    @Test
    void aKeyWithAWrongLetterIsSuggested() {
        for (RecipeTree.Place place : RecipeTree.places(whole())) {
            if (place.path().isEmpty() || place.path().get(0) instanceof Integer) {
                continue;
            }
            Object last = place.path().get(place.path().size() - 1);
            if (last instanceof String key && key.length() > 3 && !key.equals("technique")) {
                String wrong = key.substring(0, 1) + "X" + key.substring(2);
                JsonObject copy = whole();
                RecipeTree.rename(copy, place.path(), wrong);
                RecipeException e = refused(pretty(copy));
                assertMessage(e, "'" + wrong + "'", "Did you mean '" + key + "'?");
            }
        }
    }

    @Test
    void aWrongValueIsFoundWhereverItStands() {
        JsonElement wrong = JsonParser.parseString("{\"wrongValue\": [true]}");
        for (RecipeTree.Place place : RecipeTree.places(whole())) {
            if (place.value().isJsonPrimitive()) {
                JsonObject copy = whole();
                RecipeTree.replace(copy, place.path(), wrong);
                RecipeException e = refused(copy.toString());
                int column = copy.toString().indexOf("{\"wrongValue\"") + 1;
                assertTrue(
                        e.getMistakes().stream().anyMatch(m -> m.column() == column),
                        place.path() + ": " + e.getMessage());
            }
        }
    }

    @DataProvider
    Object[][] meant() {
        String technique = "stages:\n- techniques:\n  - technique: ";
        return new Object[][] {
            {technique + "prunning", "3:16", "Did you mean 'pruning'?"},
            {technique + "quantization\n    bits: 1", "4:11", "from 2 to 32 bits"},
            {technique + "quantization\n    bits: 4\n    steps: [8, 99]", "5:16", "99"},
            {
                technique + "quantization\n    bits: 4\n    ownBits: [{path: a, bits: 99}]",
                "5:31",
                "2 to 16"
            },
            {technique + "quantization\n    bits: 4\n    scales: LERNED", "5:13", "'LEARNED'?"},
            {
                technique + "pruning\n    targetSparsity: 0.9\n    schedule: cubik(3)",
                "5:15",
                "Did you mean 'cubic'?"
            },
            {
                technique + "pruning\n    targetSparsity: 0.9\n    criterion: taylor.deadEndFirst",
                "5:16",
                "Did you mean 'deadEndsFirst'?"
            },
            {
                technique + "pruning\n    targetSparsity: 0.9\n    selector: ['include([)']",
                "5:16",
                "Unclosed"
            },
            {technique + "pruning\n    targetSparsity: 1.5", "4:21", "fraction in [0, 1)"},
            {technique + "pruning\n    targetSparsity: '0.5'", "4:21", "Expected a number"},
            {technique + "pruning", "3:5", "either a target sparsity or a threshold"},
            {technique + "pruning\n    targetSparsity:", "4:20", "A value is missing"},
            {technique + "quantization\n    bits: 4\n    bits: 5", "5:5", "is given twice"},
            {technique + "binarization\n  gate: {confidence: 0.3}", "4:22", "between 0.5 and 1"},
            {technique + "binarization\n  warmup: epoch(3)", "4:11", "Did you mean 'epochs'?"},
            {technique + "binarization\n  training: {}", "4:13", "'epochs' is missing"},
            {technique + "binarization\nseed: -1", "4:7", "from 0 to 2147483647"},
            {"stages: []", "1:1", "at least one stage"},
            {"stages: [{}]", "1:10", "at least one technique"},
            {"stages: {}", "1:9", "Expected a list"},
            {"- 1", "1:1", "a mapping with the key 'stages'"},
            {"", "1:1", "but got nothing"},
            {"stages: [", "1:10", "This is no YAML"},
            {"stages: 'a", "1:11", "This is no YAML"},
        };
    }

    @Test(dataProvider = "meant")
    void theMessageSaysWhereAndHowToMendIt(String yaml, String place, String part) {
        RecipeException e = refused(yaml);
        assertEquals(e.getMistakes().size(), 1, e.getMessage());
        assertTrue(e.getMessage().startsWith(FILE + ":" + place + ": "), e.getMessage());
        assertMessage(e, part);
    }

    @Test
    void allMistakesAreToldAtOnceInTheOrderOfTheFile() {
        String yaml =
                """
                seed: 1.5
                stages:
                - gate: {maxdrop: 1}
                  techniques:
                  - technique: pruning
                    critrion: taylor
                  - technique: quantization
                    bits: x
                """;
        List<Mistake> mistakes = refused(yaml).getMistakes();
        assertEquals(mistakes.stream().map(Mistake::line).toList(), List.of(1, 3, 6, 8));
    }

    @Test
    void aNumberTooLargeForItsTypeIsRefused() {
        String yaml = "stages: [{techniques: [{technique: quantization, bits: 4}]}]\nseed: ";
        assertMessage(refused(yaml + "99999999999999999999"), ":2:7: Expected a whole number");
    }
}
