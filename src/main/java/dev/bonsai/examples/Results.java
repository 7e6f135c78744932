package dev.bonsai.examples;

import dev.bonsai.examples.network.Network;
import dev.bonsai.file.ByteLedger;
import dev.bonsai.page.Measured;
import dev.bonsai.report.CompressionReport;
import java.util.List;
import java.util.Locale;

/** What a run of the example found, as text. */
record Results(
        Network network,
        Measured dense,
        Measured compressed,
        CompressionReport report,
        ByteLedger ledger) {

    private double ratio() {
        return (double) dense.bytes() / compressed.bytes();
    }

    @Override
    public String toString() {
        List<String> lines =
                List.of(
                        String.format(
                                Locale.ROOT,
                                "%-11s %10s %10s %9s %6s %12s %9s",
                                network.id(),
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
                100 * measured.metric(),
                100 * (1 - measured.metric()),
                sparsity,
                bits,
                measured.bytes(),
                ratio);
    }
}
