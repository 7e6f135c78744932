package dev.bonsai.page;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a report says in short, to be compared with others.
 *
 * @param file the file that it was read from
 * @param title which model on which data
 * @param metric the name of the metric
 * @param dense what was measured of the dense model: on test data, or else by the gate
 * @param compressed what was measured of the compressed model, likewise
 * @param onTest whether the metric is of test data
 * @param sparsity the fraction of zeros over all weights
 * @param bits the bits of a weight
 */
record RunSummary(
        Path file,
        String title,
        String metric,
        Measured dense,
        Measured compressed,
        boolean onTest,
        double sparsity,
        double bits) {

    /**
     * Reads a report.
     *
     * @param file {@code report.json}, or the folder that it lies in
     * @throws ReportFormatException if it is no report of this version
     * @throws IOException if it can't be read
     */
    static RunSummary read(Path file) throws IOException {
        Path json = Files.isDirectory(file) ? file.resolve(ReportPage.NUMBERS) : file;
        String text = new String(Files.readAllBytes(json), StandardCharsets.UTF_8);
        try {
            return of(json, JsonParser.parseString(text).getAsJsonObject());
        } catch (JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | NullPointerException
                | ClassCastException e) {
            throw new ReportFormatException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected a report of version %d, as a run writes it, but it is none"
                                    + " (%s): name a %s, or run the compression again",
                            json,
                            ReportJson.VERSION,
                            e.getMessage(),
                            ReportPage.NUMBERS),
                    e);
        }
    }

    private static RunSummary of(Path file, JsonObject json) {
        if (!json.has("version")) {
            throw new IllegalArgumentException("it has no version");
        }
        int version = json.get("version").getAsInt();
        if (version != ReportJson.VERSION) {
            throw new IllegalArgumentException("it is of version " + version);
        }
        String metric = json.get("metric").getAsString();
        boolean onTest = json.has("dense") && json.has("compressed");
        JsonObject validation = json.getAsJsonObject("validation");
        return new RunSummary(
                file,
                json.get("title").getAsString(),
                metric,
                onTest
                        ? measured(json.getAsJsonObject("dense"), metric)
                        : Measured.of(number(validation, "baseline"), bytes(json, true)),
                onTest
                        ? measured(json.getAsJsonObject("compressed"), metric)
                        : Measured.of(number(validation, "achieved"), bytes(json, false)),
                onTest,
                number(json, "sparsity"),
                number(json, "bits"));
    }

    /** Returns the first or the last length of the waterfall; 0 where there is none. */
    private static long bytes(JsonObject json, boolean first) {
        JsonArray steps = json.getAsJsonArray("waterfall");
        return steps.isEmpty()
                ? 0
                : steps.get(first ? 0 : steps.size() - 1)
                        .getAsJsonObject()
                        .get("bytes")
                        .getAsLong();
    }

    private static Measured measured(JsonObject json, String metric) {
        return new Measured(
                number(json, metric.toLowerCase(Locale.ROOT)),
                optional(json, "low"),
                optional(json, "high"),
                json.get("bytes").getAsLong(),
                optional(json, "milliseconds"));
    }

    /** What JSON has no number for was written as null. */
    private static double number(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return value.isJsonNull() ? Double.NaN : value.getAsDouble();
    }

    private static OptionalDouble optional(JsonObject json, String name) {
        return json.has(name) ? OptionalDouble.of(number(json, name)) : OptionalDouble.empty();
    }

    /** Returns how many times smaller the file is; NaN if that is not known. */
    double ratio() {
        return compressed.bytes() == 0 ? Double.NaN : (double) dense.bytes() / compressed.bytes();
    }

    /** Returns the page of the run, if it lies beside its numbers. */
    Optional<Path> page() {
        return Optional.of(file.resolveSibling(ReportPage.PAGE)).filter(Files::isRegularFile);
    }
}
