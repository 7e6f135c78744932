package dev.bonsai.examples;

import dev.bonsai.file.ByteLedger;
import dev.bonsai.page.Measured;
import dev.bonsai.report.CompressionReport;
import java.util.Locale;

/**
 * What a run of {@link EmbeddingCompression} found, as text.
 *
 * @param seconds how long all of it took
 * @param processorSeconds how long processors were at it, all of them together
 */
record EmbeddingResults(
        Measured dense,
        Measured compressed,
        CompressionReport report,
        ByteLedger ledger,
        long seconds,
        long processorSeconds) {

    private static String row(String name, Measured measured) {
        return String.format(
                Locale.ROOT, "%-11s %9.2f %,12d", name, measured.metric(), measured.bytes());
    }

    @Override
    public String toString() {
        String table =
                String.join(
                        System.lineSeparator(),
                        String.format(
                                Locale.ROOT, "%-11s %9s %12s", "test set", "Spearman", "bytes"),
                        row("dense", dense),
                        row("compressed", compressed));
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
