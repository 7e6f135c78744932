package dev.bonsai.recipe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bonsai.core.Technique;
import dev.bonsai.json.RecordJson;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The JSON of a recipe, to be changed in one place after the other. */
final class RecipeTree {

    private RecipeTree() {}

    /** A value, and where it stands: names of members and numbers of items. */
    record Place(List<Object> path, JsonElement value) {}

    static RecordJson records() {
        return RecordJson.ofSettings(Techniques.standard().asMembers());
    }

    static JsonObject json(CompressionRecipe recipe) {
        return records().toJson(recipe);
    }

    /** Returns all values of a tree, the whole of it first. */
    static List<Place> places(JsonElement json) {
        List<Place> places = new ArrayList<>();
        gather(List.of(), json, places);
        return places;
    }

    private static void gather(List<Object> path, JsonElement json, List<Place> places) {
        places.add(new Place(path, json));
        if (json.isJsonObject()) {
            for (Map.Entry<String, JsonElement> entry : json.getAsJsonObject().entrySet()) {
                gather(in(path, entry.getKey()), entry.getValue(), places);
            }
        } else if (json.isJsonArray()) {
            for (int i = 0; i < json.getAsJsonArray().size(); ++i) {
                gather(in(path, i), json.getAsJsonArray().get(i), places);
            }
        }
    }

    private static List<Object> in(List<Object> path, Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    static JsonElement at(JsonElement json, List<Object> path) {
        JsonElement here = json;
        for (Object step : path) {
            here =
                    step instanceof Integer item
                            ? here.getAsJsonArray().get(item)
                            : here.getAsJsonObject().get((String) step);
        }
        return here;
    }

    static void replace(JsonElement json, List<Object> path, JsonElement value) {
        JsonElement parent = at(json, path.subList(0, path.size() - 1));
        Object last = path.get(path.size() - 1);
        if (last instanceof Integer item) {
            ((JsonArray) parent).set(item, value);
        } else {
            ((JsonObject) parent).add((String) last, value);
        }
    }

    static void remove(JsonElement json, List<Object> path) {
        JsonElement parent = at(json, path.subList(0, path.size() - 1));
        ((JsonObject) parent).remove((String) path.get(path.size() - 1));
    }

    static void rename(JsonElement json, List<Object> path, String name) {
        JsonElement value = at(json, path);
        remove(json, path);
        at(json, path.subList(0, path.size() - 1)).getAsJsonObject().add(name, value);
    }

    /** Returns the name of a technique in a recipe. */
    static String name(Technique technique) {
        return Techniques.standard().toJson(technique).get("technique").getAsString();
    }

    /** Returns few recipes, in which each key of each technique stands at least once. */
    static List<JsonObject> small() {
        List<JsonObject> small = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (CompressionRecipe recipe : RecipeSamples.all()) {
            if (recipe.stages().size() == 1) {
                JsonObject json = json(recipe);
                if (seen.addAll(keys(json))) {
                    small.add(json);
                }
            }
        }
        return small;
    }

    private static Set<String> keys(JsonObject json) {
        String technique =
                json.getAsJsonArray("stages")
                        .toString()
                        .replaceAll(".*technique\":\"(\\w+).*", "$1");
        Set<String> keys = new HashSet<>();
        for (Place place : places(json)) {
            keys.add(technique + place.path().stream().filter(String.class::isInstance).toList());
        }
        return keys;
    }
}
