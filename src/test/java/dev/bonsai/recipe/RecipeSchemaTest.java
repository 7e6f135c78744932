package dev.bonsai.recipe;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.testng.annotations.Test;

/** The schema for editors and the reader say the same of a recipe, as far as a schema can tell. */
public class RecipeSchemaTest {

    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(RecipeSchema.committed());

    /** What takes another type, and what no type has. */
    private static final List<JsonElement> WRONG =
            List.of(
                    new JsonPrimitive(-987_654_321.5),
                    new JsonPrimitive("wrong"),
                    new JsonPrimitive(true),
                    JsonNull.INSTANCE,
                    JsonParser.parseString("[[]]"),
                    JsonParser.parseString("{\"wrong\": 1}"));

    private static boolean isAllowed(JsonElement recipe) {
        return SCHEMA.validate(recipe.toString(), InputFormat.JSON).isEmpty();
    }

    private static boolean isRead(JsonElement recipe) {
        try {
            RecipeFormat.standard().parse(recipe.toString(), "recipe.yaml");
            return true;
        } catch (RecipeException e) {
            return false;
        }
    }

    @Test
    void theSchemaIsWhatTheRecordsGive() throws Exception {
        assertEquals(
                RecipeSchema.committed(),
                RecipeSchema.text(),
                "run the main method of dev.bonsai.recipe.RecipeSchema to write it anew");
        try (InputStream resource =
                CompressionRecipe.class.getResourceAsStream("recipe.schema.json")) {
            assertEquals(
                    new String(resource.readAllBytes(), StandardCharsets.UTF_8),
                    RecipeSchema.committed());
        }
    }

    @Test
    void whatIsWrittenIsAllowed() {
        for (CompressionRecipe recipe : RecipeSamples.all()) {
            JsonObject json = RecipeTree.json(recipe);
            assertEquals(SCHEMA.validate(json.toString(), InputFormat.JSON).toString(), "[]");
            assertTrue(isRead(json));
        }
    }

    @Test
    void anUnknownKeyIsRefusedByBothAtEveryLevel() {
        JsonObject whole = RecipeTree.json(RecipeSamples.whole());
        for (RecipeTree.Place place : RecipeTree.places(whole)) {
            if (place.value().isJsonObject()) {
                JsonObject copy = whole.deepCopy();
                RecipeTree.at(copy, place.path()).getAsJsonObject().addProperty("unheardOf", 1);
                assertRefusedByBoth(copy, place);
            }
        }
    }

    private static void assertRefusedByBoth(JsonElement recipe, RecipeTree.Place place) {
        assertFalse(isRead(recipe), place + " is read: " + recipe);
        assertFalse(isAllowed(recipe), place + " is allowed: " + recipe);
    }

    @Test
    void aWrongValueIsRefusedByBothWhereverItStands() {
        for (JsonObject sample : RecipeTree.small()) {
            for (RecipeTree.Place place : RecipeTree.places(sample)) {
                for (JsonElement wrong : WRONG) {
                    if (!place.path().isEmpty() && !isOfTheSameKind(place, wrong)) {
                        JsonObject copy = sample.deepCopy();
                        RecipeTree.replace(copy, place.path(), wrong);
                        assertRefusedByBoth(copy, place);
                    }
                }
            }
        }
    }

    /** Any text is a name, and a floor and some logarithms may be any number. */
    private static boolean isOfTheSameKind(RecipeTree.Place place, JsonElement wrong) {
        String key = place.path().get(place.path().size() - 1).toString();
        boolean name = List.of("network", "data", "fingerprint", "monitored", "path").contains(key);
        boolean any = List.of("floor", "initialLogVariance").contains(key);
        if (key.equals("threshold") && place.value().getAsDouble() > 1) {
            any = true; // that of variational dropout
        }
        return (name && isText(wrong))
                || (any && isNumber(wrong))
                || (key.equals("graph") && wrong.equals(new JsonPrimitive(true)));
    }

    private static boolean isText(JsonElement json) {
        return json.isJsonPrimitive() && json.getAsJsonPrimitive().isString();
    }

    private static boolean isNumber(JsonElement json) {
        return json.isJsonPrimitive() && json.getAsJsonPrimitive().isNumber();
    }

    /** A schema does not tell what goes together: what it refuses, the reader refuses. */
    @Test
    void whatIsReadIsAllowedWhateverIsLeftOut() {
        int refused = 0;
        for (JsonObject sample : RecipeTree.small()) {
            for (RecipeTree.Place place : RecipeTree.places(sample)) {
                if (!place.path().isEmpty()
                        && place.path().get(place.path().size() - 1) instanceof String) {
                    JsonObject copy = sample.deepCopy();
                    RecipeTree.remove(copy, place.path());
                    assertTrue(isAllowed(copy) || !isRead(copy), place.toString());
                    refused += isAllowed(copy) ? 0 : 1;
                }
            }
        }
        assertTrue(refused > 15, "keys that must be there: " + refused);
    }

    @Test
    void whatIsReadIsAllowedWhateverTheNumber() {
        for (JsonObject sample : RecipeTree.small()) {
            for (RecipeTree.Place place : RecipeTree.places(sample)) {
                for (double number : new double[] {0, 0.5, 0.99, 1, 2, 16, 17, 32, 33, 256, 257}) {
                    if (isNumber(place.value())) {
                        boolean whole = number == Math.rint(number);
                        JsonObject copy = sample.deepCopy();
                        RecipeTree.replace(
                                copy,
                                place.path(),
                                whole
                                        ? new JsonPrimitive((long) number)
                                        : new JsonPrimitive(number));
                        assertTrue(isAllowed(copy) || !isRead(copy), place + " with " + number);
                    }
                }
            }
        }
    }
}
