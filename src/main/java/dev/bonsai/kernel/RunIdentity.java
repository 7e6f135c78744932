package dev.bonsai.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.bonsai.core.TargetWeight;
import dev.bonsai.core.Technique;
import dev.bonsai.gate.Gate;
import dev.bonsai.json.RecordJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What a run must have in common with the one that it goes on with: the model, the techniques, the
 * gates and the optimizer.
 */
final class RunIdentity {

    private static final int SHOWN = 3;

    private RunIdentity() {}

    static JsonObject of(JoinedSettings settings, ModelWeights weights) {
        JsonObject json = new JsonObject();
        JsonObject parameters = new JsonObject();
        for (TargetWeight weight : weights.parameters()) {
            parameters.addProperty(
                    weight.path(),
                    weight.dataType()
                            + " "
                            + weight.shape()
                            + (weight.isFrozen() ? ", frozen" : ""));
        }
        json.add("parameter", parameters);
        JsonArray techniques = new JsonArray();
        settings.techniques().forEach(technique -> techniques.add(of(technique)));
        json.add("technique", techniques);
        JsonArray gates = new JsonArray();
        settings.gates().forEach(gate -> gates.add(of(gate)));
        json.add("gate", gates);
        json.addProperty("warm-up", settings.warmup().toString());
        settings.checkpoint()
                .flatMap(CheckpointSettings::optimizer)
                .ifPresent(optimizer -> json.addProperty("optimizer", optimizer.getName()));
        return json;
    }

    private static JsonObject of(Technique technique) {
        JsonObject json = settings(technique);
        json.addProperty("name", technique.getName());
        json.addProperty("class", technique.getClass().getName());
        return json;
    }

    /** What holds an object of the user's own, such as a criterion, is not compared. */
    private static JsonObject settings(Technique technique) {
        try {
            return RecordJson.ofSettings().toJson((Record) technique.getSettings());
        } catch (UnsupportedOperationException
                | IllegalArgumentException
                | IllegalStateException e) {
            return new JsonObject();
        }
    }

    private static JsonObject of(Gate gate) {
        JsonObject json = new JsonObject();
        json.addProperty("metric", gate.getMetric().name());
        json.addProperty("tolerance", gate.getTolerance().toString());
        json.addProperty("shock", gate.getShock().toString());
        json.addProperty("recovery epochs", gate.getRecoveryEpochs());
        json.addProperty("confidence", gate.getConfidence().toString());
        json.addProperty("undecided", gate.getUndecided().toString());
        return json;
    }

    /**
     * Compares what was written with what is here.
     *
     * @throws IllegalStateException if it is another run: the message names the differences
     */
    static void check(JsonObject written, JsonObject here) {
        Map<String, String> before = new LinkedHashMap<>();
        Map<String, String> now = new LinkedHashMap<>();
        flatten("", written, before);
        flatten("", here, now);
        List<String> differences = new ArrayList<>();
        before.forEach((name, value) -> compare(name, value, now.get(name), differences));
        now.forEach(
                (name, value) -> {
                    if (!before.containsKey(name)) {
                        compare(name, null, value, differences);
                    }
                });
        if (!differences.isEmpty()) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "The checkpoint is of another run: %s%s. Start the program as it was"
                                    + " when it was written, or give the checkpoints another folder"
                                    + " to begin anew",
                            String.join(
                                    "; ",
                                    differences.subList(0, Math.min(SHOWN, differences.size()))),
                            differences.size() > SHOWN
                                    ? "; and " + (differences.size() - SHOWN) + " more"
                                    : ""));
        }
    }

    private static void compare(String name, String before, String now, List<String> differences) {
        if (!Objects.equals(before, now)) {
            differences.add(
                    String.format(
                            Locale.ROOT,
                            "%s was %s and is %s",
                            name,
                            before == null ? "not there" : before,
                            now == null ? "not there" : now));
        }
    }

    private static void flatten(String name, JsonElement json, Map<String, String> texts) {
        if (json.isJsonObject()) {
            String prefix = name.isEmpty() ? "" : name + " ";
            json.getAsJsonObject()
                    .asMap()
                    .forEach((key, value) -> flatten(prefix + key, value, texts));
        } else if (json.isJsonArray()) {
            for (int i = 0; i < json.getAsJsonArray().size(); ++i) {
                flatten(name + " " + (i + 1), json.getAsJsonArray().get(i), texts);
            }
        } else {
            texts.put(name, json.getAsString());
        }
    }
}
