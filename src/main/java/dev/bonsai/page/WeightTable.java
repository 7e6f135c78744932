package dev.bonsai.page;

import dev.bonsai.report.CompressionReport;
import dev.bonsai.report.WeightReport;
import dev.bonsai.text.Numbers;
import java.util.List;
import java.util.Optional;

/** The weights as rows of a table, with the lengths of their bars. */
final class WeightTable {

    /** The decibels at which the bar of an error is empty; at 0 it is full. */
    private static final double CLEAN = 40;

    private static final int FULL = 100;

    private WeightTable() {}

    /**
     * One row, as text.
     *
     * @param share the length of the bar of bytes, in percent
     * @param error the length of the bar of the error, in percent
     * @param isWorst whether the weight lost most of all
     */
    record Row(
            String path,
            String shape,
            String size,
            String zeros,
            String bits,
            String bytes,
            String share,
            String noise,
            String error,
            boolean isWorst) {}

    static List<Row> rows(CompressionReport report) {
        long most = report.weights().stream().mapToLong(WeightReport::bytes).max().orElse(0);
        Optional<WeightReport> worst = Explanations.worst(report);
        return report.weights().stream()
                .map(weight -> row(weight, most, worst.filter(weight::equals).isPresent()))
                .toList();
    }

    private static Row row(WeightReport weight, long most, boolean isWorst) {
        double decibels = weight.error().sqnrDb();
        boolean exact = decibels == Double.POSITIVE_INFINITY;
        double error = Math.max(0, Math.min(1, 1 - decibels / CLEAN));
        return new Row(
                weight.path(),
                weight.shape(),
                Numbers.count(weight.size()),
                Numbers.fixed(FULL * weight.sparsity(), 1) + " %",
                Integer.toString(weight.bits()),
                weight.bytes() == 0 ? "" : Numbers.count(weight.bytes()),
                Numbers.fixed(most == 0 ? 0 : (double) FULL * weight.bytes() / most, 1),
                exact ? "exact" : Numbers.fixed(decibels, 1),
                Numbers.fixed(exact || Double.isNaN(error) ? 0 : FULL * error, 1),
                isWorst);
    }
}
