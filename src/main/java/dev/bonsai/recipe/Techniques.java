package dev.bonsai.recipe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bonsai.core.Technique;
import dev.bonsai.core.TechniqueSettings;
import dev.bonsai.json.Flaw;
import dev.bonsai.json.RecordException;
import dev.bonsai.json.RecordJson;
import dev.bonsai.json.SpecialMembers;
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
import java.util.List;
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
     * @throws RecordException if the technique is not registered, or holds an object of the user's
     *     own
     */
    public JsonObject toJson(Technique technique) {
        TechniqueSettings settings = technique.getSettings();
        JsonObject json = new JsonObject();
        json.addProperty(NAME, name(settings.getClass()));
        try {
            RecordJson.ofSettings().toJson((Record) settings).asMap().forEach(json::add);
        } catch (RecordException e) {
            e.getPartial().getAsJsonObject().asMap().forEach(json::add);
            throw new RecordException(e.getFlaws(), json);
        }
        return json;
    }

    private String name(Class<?> settings) {
        return types.entrySet().stream()
                .filter(entry -> entry.getValue() == settings)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(
                        () ->
                                new RecordException(
                                        List.of(
                                                Flaw.of(
                                                        String.format(
                                                                Locale.ROOT,
                                                                "The settings %s are not"
                                                                        + " registered: add them"
                                                                        + " with Techniques.with",
                                                                settings.getName())))));
    }

    /**
     * Makes a technique from JSON.
     *
     * @param json an object with the name of the technique and its settings
     * @return the technique
     * @throws RecordException if the name or a setting is unknown, or a setting is missing or
     *     wrong: it names all that is wrong
     */
    public Technique fromJson(JsonObject json) {
        JsonElement given = json.get(NAME);
        boolean text = given != null && given.isJsonPrimitive();
        String name = text ? given.getAsString() : "";
        Class<? extends TechniqueSettings> type = types.get(name);
        if (type == null) {
            List<String> known = List.copyOf(types.keySet());
            Flaw flaw =
                    Flaw.of(
                            String.format(
                                    Locale.ROOT,
                                    "A technique has the member '%s', one of %s, but got %s",
                                    NAME,
                                    known,
                                    given),
                            new Flaw.Choice(name, known));
            throw new RecordException(List.of(given == null ? flaw : flaw.in(NAME)));
        }
        JsonObject settings = json.deepCopy();
        settings.remove(NAME);
        return RecordJson.ofSettings().fromJson(settings, type).build();
    }

    /** Returns what reads and writes the techniques that are components of records. */
    SpecialMembers asMembers() {
        return new SpecialMembers() {
            @Override
            public boolean hold(Class<?> type) {
                return type == Technique.class;
            }

            @Override
            public JsonElement write(Object value) {
                return toJson((Technique) value);
            }

            @Override
            public Object read(JsonElement json, Class<?> type) {
                return fromJson(json.getAsJsonObject());
            }
        };
    }
}
