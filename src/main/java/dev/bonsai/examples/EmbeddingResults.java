package dev.bonsai.examples;

import dev.bonsai.file.ByteLedger;
import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.RunEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a run of {@link EmbeddingCompression} found, for people and for programs.
 *
 * @param seconds how long all of it took
 * @param processorSeconds how long processors were at it, all of them together
 */
record EmbeddingResults(
        String model,
        int seed,
        EmbeddingRecipe recipe,
        Measured dense,
        Measured compressed,
        CompressionReport report,
        ByteLedger ledger,
        long seconds,
        long processorSeconds) {

    /**
     * What was measured of a model.
     *
     * @param spearman Spearman's correlation on the test set, from -1 to 1
     * @param bytes the length of its file
     */
    record Measured(double spearman, long bytes) {

        /** Correlations are published times 100. */
        Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("spearman", 100 * spearman);
            facts.put("bytes", bytes);
            return facts;
        }

        String row(String name) {
            return String.format(Locale.ROOT, "%-11s %9.2f %,12d", name, 100 * spearman, bytes);
        }
    }

    void writeJson(Path file) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("seed", seed);
        json.put("recipe", recipe.facts());
        json.put("dense", dense.facts());
        json.put("compressed", compressed.facts());
        json.put("ratio", (double) dense.bytes() / compressed.bytes());
        json.put("validation", Results.validation(report));
        json.put("seconds", seconds);
        json.put("processorSeconds", processorSeconds);
        json.put("trials", report.trials());
        json.put("weights", report.weights());
        json.put("ledger", ledger.bytes());
        json.put("notes", report.notes());
        json.put("environment", RunEnvironment.current());
        Results.write(json, file);
    }

    @Override
    public String toString() {
        String table =
                String.join(
                        System.lineSeparator(),
                        String.format(
                                Locale.ROOT, "%-11s %9s %12s", "test set", "Spearman", "bytes"),
                        dense.row("dense"),
                        compressed.row("compressed"));
        return String.format(
                Locale.ROOT,
                "%n%s%n%n%s%n%s%n%d s in all, %d s of one processor",
                table,
                report,
                ledger,
                seconds,
                processorSeconds);
    }
}
