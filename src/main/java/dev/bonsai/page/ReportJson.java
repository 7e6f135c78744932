package dev.bonsai.page;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.gate.Trial;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.RunEnvironment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The numbers of a run as JSON; {@code docs/report.md} describes the members. */
final class ReportJson {

    /** The version of the members: it grows when one is renamed, removed or changes its meaning. */
    static final int VERSION = 1;

    /** JSON has no numbers for infinity and NaN: they become null. */
    private static final JsonSerializer<Double> FINITE =
            (number, type, context) ->
                    Double.isFinite(number) ? new JsonPrimitive(number) : JsonNull.INSTANCE;

    private static final JsonSerializer<Float> FINITE_FLOAT =
            (number, type, context) ->
                    Float.isFinite(number) ? new JsonPrimitive(number) : JsonNull.INSTANCE;

    static final Gson GSON =
            new GsonBuilder()
                    .setPrettyPrinting()
                    .serializeNulls()
                    .registerTypeAdapter(double.class, FINITE)
                    .registerTypeAdapter(Double.class, FINITE)
                    .registerTypeAdapter(Float.class, FINITE_FLOAT)
                    .create();

    private ReportJson() {}

    static JsonObject of(RunReport run) {
        CompressionReport report = run.report;
        JsonObject json = new JsonObject();
        json.addProperty("version", VERSION);
        json.addProperty("title", run.title);
        json.addProperty("metric", run.metric);
        put(json, "facts", run.facts);
        run.dense.ifPresent(dense -> json.add("dense", measured(run.metric, dense)));
        run.compressed.ifPresent(
                compressed -> json.add("compressed", measured(run.metric, compressed)));
        put(json, "ratio", Headline.ratio(run));
        put(json, "sparsity", report.sparsity());
        put(json, "bits", report.bits());
        put(json, "networkCost", report.network().orElse(null));
        put(json, "validation", validation(report));
        put(json, "epochs", report.epochs());
        json.add("trials", trials(report));
        json.add("weights", weights(run));
        put(json, "waterfall", Headline.waterfall(run));
        put(json, "ledger", run.ledger.map(ByteLedger::bytes).orElse(null));
        put(json, "bytesOfWeights", run.ledger.map(ByteLedger::weights).orElse(List.of()));
        put(json, "layers", run.layers);
        json.add("deployed", deployed(run));
        json.add("differences", differences(run));
        put(json, "front", run.front);
        put(json, "steps", run.steps);
        put(json, "notes", report.notes());
        put(json, "environment", RunEnvironment.current());
        return json;
    }

    private static void put(JsonObject json, String name, Object value) {
        json.add(name, GSON.toJsonTree(value));
    }

    private static JsonObject measured(String metric, Measured measured) {
        JsonObject json = new JsonObject();
        put(json, metric.toLowerCase(Locale.ROOT), measured.metric());
        measured.low().ifPresent(low -> put(json, "low", low));
        measured.high().ifPresent(high -> put(json, "high", high));
        json.addProperty("bytes", measured.bytes());
        measured.milliseconds().ifPresent(time -> put(json, "milliseconds", time));
        return json;
    }

    /** What the gate has measured. */
    private static Map<String, Object> validation(CompressionReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("metric", report.metric());
        json.put("baseline", report.baseline());
        json.put("bound", report.bound());
        json.put("achieved", report.achieved());
        return json;
    }

    private static JsonArray trials(CompressionReport report) {
        JsonArray trials = new JsonArray();
        for (Trial trial : report.trials()) {
            JsonObject json = GSON.toJsonTree(trial).getAsJsonObject();
            json.addProperty("explanation", Explanations.of(trial, report.metric()));
            trials.add(json);
        }
        return trials;
    }

    private static JsonArray weights(RunReport run) {
        JsonArray weights = GSON.toJsonTree(run.report.weights()).getAsJsonArray();
        for (JsonElement element : weights) {
            JsonObject weight = element.getAsJsonObject();
            String path = weight.get("path").getAsString();
            run.weights.stream()
                    .filter(view -> view.path().equals(path))
                    .findFirst()
                    .ifPresent(view -> add(weight, view));
        }
        return weights;
    }

    private static void add(JsonObject weight, WeightView view) {
        weight.addProperty("rows", view.rows());
        weight.addProperty("keptRows", view.keptRows());
        put(weight, "histogram", view.histogram());
    }

    private static JsonArray deployed(RunReport run) {
        JsonArray deployed = new JsonArray();
        for (Deployed file : run.deployed) {
            JsonObject json = new JsonObject();
            put(json, "takeItFor", Purposes.of(file, run.deployed, run.direction));
            json.addProperty("file", file.file());
            json.addProperty("engine", file.engine());
            json.addProperty("bytes", file.bytes());
            put(json, "metric", file.metric().isPresent() ? file.metric().getAsDouble() : null);
            put(
                    json,
                    "milliseconds",
                    file.milliseconds().isPresent() ? file.milliseconds().getAsDouble() : null);
            deployed.add(json);
        }
        return deployed;
    }

    /** Without the pictures, which are no numbers. */
    private static JsonArray differences(RunReport run) {
        JsonArray differences = new JsonArray();
        for (Difference difference : run.differences) {
            JsonObject json = new JsonObject();
            json.addProperty("sample", difference.sample());
            json.addProperty("expected", difference.expected());
            json.addProperty("dense", difference.dense());
            json.addProperty("compressed", difference.compressed());
            differences.add(json);
        }
        return differences;
    }
}
