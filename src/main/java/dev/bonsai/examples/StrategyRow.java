package dev.bonsai.examples;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What one strategy did with one seed.
 *
 * @param name the strategy
 * @param seed the seed of the run
 * @param dense the test error of the dense network that it began with
 * @param error the test error of what was read back from the file
 * @param bytes the length of the file
 * @param sparsity the fraction of zeros over the weights that were worked on
 * @param bits the bits of the narrowest of these weights
 */
record StrategyRow(
        String name, int seed, double dense, double error, long bytes, double sparsity, int bits) {

    /** Returns the row of the dense network, whose file is DJL's. */
    static StrategyRow dense(int seed, double error, long bytes) {
        return new StrategyRow("dense", seed, error, error, bytes, 0, Float.SIZE);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "seed %d  %-22s error %.2f%% (dense %.2f%%)  %,d bytes  sparsity %.4f",
                seed,
                name,
                100 * error,
                100 * dense,
                bytes,
                sparsity);
    }

    /** Returns a table in Markdown with the median over the seeds and the range of the errors. */
    static String table(List<StrategyRow> rows) {
        Map<String, List<StrategyRow>> byName =
                rows.stream()
                        .collect(
                                Collectors.groupingBy(
                                        StrategyRow::name,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        StringBuilder text = new StringBuilder();
        text.append("| strategy | test error | range | over dense | bytes | sparsity | bits |\n");
        text.append("|---|---|---|---|---|---|---|\n");
        byName.forEach(
                (name, runs) ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        "| %s | %.2f %% | %.2f to %.2f | %+.2f | %,.0f | %.3f |"
                                                + " %.0f |%n",
                                        name,
                                        100 * median(runs, StrategyRow::error),
                                        100 * least(runs, StrategyRow::error),
                                        -100 * least(runs, row -> -row.error),
                                        100 * median(runs, row -> row.error - row.dense),
                                        median(runs, StrategyRow::bytes),
                                        median(runs, StrategyRow::sparsity),
                                        median(runs, StrategyRow::bits))));
        return text.toString();
    }

    private static double least(List<StrategyRow> runs, ToDoubleFunction<StrategyRow> of) {
        return runs.stream().mapToDouble(of).min().orElseThrow();
    }

    /** The lower one of two in the middle. */
    private static double median(List<StrategyRow> runs, ToDoubleFunction<StrategyRow> of) {
        double[] sorted = runs.stream().mapToDouble(of).sorted().toArray();
        return sorted[(sorted.length - 1) / 2];
    }
}
