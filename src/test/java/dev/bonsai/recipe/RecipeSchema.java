package dev.bonsai.recipe;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.bonsai.core.Bounds;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.core.WeightSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes the schema of recipes from their records: types, names and numbers by reflection, what must
 * be there by trial, and the descriptions from the comments in the sources.
 */
final class RecipeSchema {

    /** Where the schema is kept. */
    static final Path FILE =
            Path.of("src", "main", "resources", "dev", "bonsai", "recipe", "recipe.schema.json");

    private static final Set<Class<?>> WHOLE =
            Set.of(int.class, Integer.class, long.class, Long.class);
    private static final Set<Class<?>> BROKEN =
            Set.of(float.class, Float.class, double.class, Double.class);
    private static final Map<Class<?>, Class<?>> OPTIONAL =
            Map.of(
                    OptionalInt.class, int.class,
                    OptionalLong.class, long.class,
                    OptionalDouble.class, double.class);

    private final Map<String, JsonObject> definitions = new LinkedHashMap<>();
    private final RequiredKeys required = new RequiredKeys();

    private RecipeSchema() {}

    /** Writes the schema anew. */
    public static void main(String[] args) throws IOException {
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, text());
    }

    static String text() {
        RecipeSchema schema = new RecipeSchema();
        JsonObject json = new JsonObject();
        json.addProperty("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.addProperty("title", "A recipe of Bonsai");
        schema.record(CompressionRecipe.class).asMap().forEach(json::add);
        JsonObject kept = new JsonObject();
        schema.definitions.forEach(kept::add);
        json.add("$defs", kept);
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json)
                + "\n";
    }

    private JsonObject record(Class<?> type) {
        SourceComments comments = SourceComments.of(type);
        JsonObject json = new JsonObject();
        json.addProperty("type", "object");
        json.addProperty("description", comments.ofRecord());
        JsonObject properties = new JsonObject();
        JsonArray needed = new JsonArray();
        for (RecordComponent component : type.getRecordComponents()) {
            boolean must = required.isRequired(type, component.getName());
            JsonObject property = component(component, must);
            property.addProperty("description", comments.of(component.getName()));
            properties.add(component.getName(), property);
            if (must) {
                needed.add(component.getName());
            }
        }
        json.add("properties", properties);
        json.add("required", needed);
        json.addProperty("additionalProperties", false);
        return json;
    }

    private JsonObject component(RecordComponent component, boolean must) {
        Class<?> type = component.getType();
        Bounds bounds = component.getAnnotation(Bounds.class);
        if (type != List.class) {
            Class<?> value = OPTIONAL.getOrDefault(type, type);
            return value(type == java.util.Optional.class ? inner(component) : value, bounds);
        }
        JsonObject json = new JsonObject();
        json.addProperty("type", "array");
        json.add("items", value(inner(component), bounds));
        if (must) {
            json.addProperty("minItems", 1);
        }
        return json;
    }

    private static Class<?> inner(RecordComponent component) {
        Type[] arguments =
                ((ParameterizedType) component.getGenericType()).getActualTypeArguments();
        return (Class<?>) arguments[0];
    }

    private JsonObject value(Class<?> type, Bounds bounds) {
        JsonObject json = new JsonObject();
        if (WHOLE.contains(type) || BROKEN.contains(type)) {
            json.addProperty("type", WHOLE.contains(type) ? "integer" : "number");
            limit(json, bounds);
        } else if (type == boolean.class || type == Boolean.class) {
            json.addProperty("type", "boolean");
        } else if (type == String.class) {
            json.addProperty("type", "string");
        } else if (type == WeightSelector.class) {
            JsonObject rule = new JsonObject();
            rule.addProperty("type", "string");
            rule.addProperty("pattern", CallPattern.ofRules());
            json.addProperty("type", "array");
            json.add("items", rule);
        } else if (type.isEnum()) {
            JsonArray names = new JsonArray();
            Stream.of(type.getEnumConstants()).forEach(c -> names.add(((Enum<?>) c).name()));
            json.add("enum", names);
        } else if (type == Technique.class) {
            return technique();
        } else if (type.isRecord()) {
            return reference(type.getSimpleName(), () -> record(type));
        } else {
            json.addProperty("type", "string");
            json.addProperty("pattern", CallPattern.of(type));
        }
        return json;
    }

    private static void limit(JsonObject json, Bounds bounds) {
        if (bounds != null) {
            limit(json, "minimum", bounds.atLeast());
            limit(json, "exclusiveMinimum", bounds.above());
            limit(json, "maximum", bounds.atMost());
            limit(json, "exclusiveMaximum", bounds.below());
        }
    }

    private static void limit(JsonObject json, String name, double bound) {
        if (Double.isFinite(bound)) {
            boolean whole = bound == Math.rint(bound);
            json.addProperty(name, whole ? (Number) (long) bound : (Number) bound);
        }
    }

    private JsonObject reference(String name, java.util.function.Supplier<JsonObject> definition) {
        if (!definitions.containsKey(name)) {
            definitions.put(name, new JsonObject()); // keeps the order
            definitions.put(name, definition.get());
        }
        JsonObject json = new JsonObject();
        json.addProperty("$ref", "#/$defs/" + name);
        return json;
    }

    /** The name says which other keys there are; an editor says so of one that is unknown. */
    private JsonObject technique() {
        JsonArray names = new JsonArray();
        JsonArray choices = new JsonArray();
        for (String name : Techniques.standard().getNames()) {
            names.add(name);
            JsonObject choice = new JsonObject();
            choice.add("if", named(name));
            choice.add("then", reference(name, () -> technique(name)));
            choices.add(choice);
        }
        JsonObject values = new JsonObject();
        values.add("enum", names);
        values.addProperty("description", "Which technique it is.");
        JsonObject properties = new JsonObject();
        properties.add("technique", values);
        JsonArray needed = new JsonArray();
        needed.add("technique");
        JsonObject json = new JsonObject();
        json.addProperty("type", "object");
        json.add("properties", properties);
        json.add("required", needed);
        json.add("allOf", choices);
        return json;
    }

    private static JsonObject named(String name) {
        JsonObject value = new JsonObject();
        value.addProperty("const", name);
        JsonObject properties = new JsonObject();
        properties.add("technique", value);
        JsonObject json = new JsonObject();
        json.add("properties", properties);
        return json;
    }

    private JsonObject technique(String name) {
        Class<? extends TechniqueSettings> type =
                TechniqueSamples.all().stream()
                        .filter(t -> name.equals(RecipeTree.name(t)))
                        .findFirst()
                        .orElseThrow()
                        .getSettings()
                        .getClass();
        JsonObject json = record(type);
        JsonObject properties = new JsonObject();
        JsonObject own = new JsonObject();
        own.addProperty("const", name);
        properties.add("technique", own);
        json.getAsJsonObject("properties").asMap().forEach(properties::add);
        json.add("properties", properties);
        return json;
    }

    static String committed() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
