package dev.bonsai.examples;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import dev.bonsai.examples.ExampleRun.Measured;
import dev.bonsai.examples.data.ImageData;
import dev.bonsai.file.AtomicFile;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.RunEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run of the example found, for people and for programs. */
record Results(
        ExampleOptions options,
        ImageData data,
        Measured dense,
        Measured compressed,
        CompressionReport report,
        ByteLedger ledger) {

    /** JSON has no numbers for infinity and NaN: they become null. */
    private static final JsonSerializer<Double> FINITE =
            (number, type, context) ->
                    Double.isFinite(number) ? new JsonPrimitive(number) : JsonNull.INSTANCE;

    private static final Gson JSON =
            new GsonBuilder()
                    .setPrettyPrinting()
                    .serializeNulls()
                    .registerTypeAdapter(double.class, FINITE)
                    .registerTypeAdapter(Double.class, FINITE)
                    .create();

    private double ratio() {
        return (double) dense.bytes() / compressed.bytes();
    }

    void writeJson(Path file) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("dataset", data.name());
        json.put("fingerprint", data.fingerprint());
        json.put("network", options.network().id());
        json.put("seed", options.seed());
        json.put("dense", dense);
        json.put("compressed", compressed);
        json.put("ratio", ratio());
        json.put("sparsity", report.sparsity());
        json.put("network cost", report.network().orElse(null));
        json.put("validation", validation(report));
        json.put("epochs", report.epochs());
        json.put("trials", report.trials());
        json.put("weights", report.weights());
        json.put("ledger", ledger.bytes());
        json.put("notes", report.notes());
        json.put("environment", RunEnvironment.current());
        write(json, file);
    }

    /** Writes values for programs. */
    static void write(Map<String, Object> json, Path file) throws IOException {
        AtomicFile.replace(file, (JSON.toJson(json) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Returns what the gate has measured. */
    static Map<String, Object> validation(CompressionReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("metric", report.metric());
        json.put("baseline", report.baseline());
        json.put("achieved", report.achieved());
        return json;
    }

    @Override
    public String toString() {
        List<String> lines =
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%-11s %10s %10s %9s %6s %12s %9s",
                                options.network().id(),
                                "accuracy",
                                "error",
                                "sparsity",
                                "bits",
                                "bytes",
                                "ratio"),
                        row("dense", dense, 0, Float.SIZE, 1),
                        row("compressed", compressed, report.sparsity(), report.bits(), ratio()));
        return String.format(
                Locale.ROOT,
                "%n%s%n%n%s%n%s",
                String.join(System.lineSeparator(), lines),
                report,
                ledger);
    }

    private static String row(
            String name, Measured measured, double sparsity, double bits, double ratio) {
        return String.format(
                Locale.ROOT,
                "%-11s %9.2f%% %9.2f%% %9.4f %6.2f %,12d %8.1fx",
                name,
                100 * measured.accuracy(),
                100 * (1 - measured.accuracy()),
                sparsity,
                bits,
                measured.bytes(),
                ratio);
    }
}
