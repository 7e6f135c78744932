package dev.bonsai.recipe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.json.RecordJson;
import dev.bonsai.lowbit.BinarizationSettings;
import dev.bonsai.lowbit.TernarizationSettings;
import dev.bonsai.pruning.PruningSettings;
import dev.bonsai.pruning.ThinningSettings;
import dev.bonsai.quantization.ActivationQuantizationSettings;
import dev.bonsai.quantization.QuantizationSettings;
import dev.bonsai.quantization.ReducedFloatsSettings;
import dev.bonsai.regularization.RegularizationSettings;
import dev.bonsai.rounding.RateDistortionSettings;
import dev.bonsai.sharing.WeightSharingSettings;
import dev.bonsai.variational.VariationalDropoutSettings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The techniques by name, and how their settings are written as JSON and read again: what recipes,
 * journals and command lines need.
 *
 * <pre>{@code
 * Techniques techniques = Techniques.standard();
 * JsonObject json = techniques.toJson(Quantization.builder().setBits(4).build());
 * Technique same = techniques.fromJson(json);
 * JsonObject recipe = new JsonObject();
 * recipe.addProperty("technique", "pruning");
 * recipe.addProperty("targetSparsity", 0.9);
 * recipe.addProperty("criterion", "taylor");
 * Technique pruning = techniques.fromJson(recipe);
 * }</pre>
 *
 * <p>An object has the member {@code technique} and one for each component of the technique's
 * record of settings. What is left out has its default; what is not known is an error. Values such
 * as a criterion are written as they are made in Java: {@code random(1).deadEndsFirst}. A criterion
 * or a curve of one's own, and a selector with a predicate, can't be written down.
 *
 * <p>A registry never changes; {@link #with} makes another one, for techniques of one's own.
 */
public final class Techniques {

    private static final String NAME = "technique";

    private static final Techniques STANDARD =
            new Techniques(Map.of())
                    .with("pruning", PruningSettings.class)
                    .with("thinning", ThinningSettings.class)
                    .with("quantization", QuantizationSettings.class)
                    .with("activationQuantization", ActivationQuantizationSettings.class)
                    .with("reducedFloats", ReducedFloatsSettings.class)
                    .with("rateDistortionRounding", RateDistortionSettings.class)
                    .with("weightSharing", WeightSharingSettings.class)
                    .with("binarization", BinarizationSettings.class)
                    .with("ternarization", TernarizationSettings.class)
                    .with("regularization", RegularizationSettings.class)
                    .with("variationalDropout", VariationalDropoutSettings.class);

    private final Map<String, Class<? extends TechniqueSettings>> types;

    private Techniques(Map<String, Class<? extends TechniqueSettings>> types) {
        this.types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    }

    /**
     * Returns the techniques that come with the library.
     *
     * @return the registry
     */
    public static Techniques standard() {
        return STANDARD;
    }

    /**
     * Adds a technique.
     *
     * @param name the name in JSON, which none has yet
     * @param settings the record of its settings, which is public
     * @return a registry of these techniques and that one
     * @throws IllegalArgumentException if the name is taken, or the class is no record
     */
    public Techniques with(String name, Class<? extends TechniqueSettings> settings) {
        if (name.isBlank() || types.containsKey(name) || !settings.isRecord()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A technique has a name of its own and a record of settings, but got"
                                    + " '%s' with %s; taken are %s",
                            name,
                            settings.getName(),
                            types.keySet()));
        }
        Map<String, Class<? extends TechniqueSettings>> more = new LinkedHashMap<>(types);
        more.put(name, settings);
        return new Techniques(more);
    }

    /**
     * Returns the names of all techniques.
     *
     * @return the names, in the order in which they were added
     */
    public Set<String> getNames() {
        return types.keySet();
    }

    /**
     * Writes a technique as JSON, its defaults included, so that it stays the same if these change.
     *
     * @param technique the technique
     * @return an object from which {@link #fromJson(JsonObject)} makes an equal technique
     * @throws UnsupportedOperationException if the technique has no record of settings
     * @throws IllegalArgumentException if the technique is not registered, or holds an object of
     *     the user's own
     * @throws IllegalStateException if its selector has a predicate
     */
    public JsonObject toJson(Technique technique) {
        TechniqueSettings settings = technique.getSettings();
        String name =
                types.entrySet().stream()
                        .filter(entry -> entry.getValue() == settings.getClass())
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                String.format(
                                                        Locale.ROOT,
                                                        "The settings %s are not registered: add"
                                                                + " them with Techniques.with",
                                                        settings.getClass().getName())));
        JsonObject json = new JsonObject();
        json.addProperty(NAME, name);
        RecordJson.ofSettings().toJson((Record) settings).asMap().forEach(json::add);
        return json;
    }

    /**
     * Makes a technique from JSON.
     *
     * @param json an object with the name of the technique and its settings
     * @return the technique
     * @throws IllegalArgumentException if the name or a setting is unknown, or a setting is missing
     *     or wrong: the message names it
     */
    public Technique fromJson(JsonObject json) {
        JsonElement given = json.get(NAME);
        String name = given != null && given.isJsonPrimitive() ? given.getAsString() : "";
        Class<? extends TechniqueSettings> type = types.get(name);
        if (type == null) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "A technique has the member '%s', one of %s, but got %s",
                            NAME,
                            types.keySet(),
                            given));
        }
        JsonObject settings = json.deepCopy();
        settings.remove(NAME);
        try {
            return RecordJson.ofSettings().fromJson(settings, type).build();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }
}
