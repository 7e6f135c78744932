package dev.bonsai.report;

import dev.bonsai.file.ByteLedger;
import dev.bonsai.file.ByteLedger.Section;
import dev.bonsai.file.ByteLedger.WeightBytes;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Shows a report, or where the bytes of a file went, as a fragment of HTML: plain tables that fit
 * into any page, in its fonts, on a light or a dark ground.
 *
 * <p>Sparsities and metrics are fractions, as everywhere in Bonsai.
 */
public final class ReportHtml {

    private ReportHtml() {}

    /**
     * Shows a report: the metric, the weights, what the gate tried, and the notes.
     *
     * @param report the report
     * @return a {@code <div>}
     */
    public static String of(CompressionReport report) {
        StringBuilder html = new StringBuilder("<div class=\"bonsai-report\">\n");
        html.append(summary(report));
        html.append(weights(report));
        if (!report.trials().isEmpty()) {
            html.append(trials(report));
        }
        for (String note : report.notes()) {
            html.append("<p><b>Note:</b> ").append(HtmlTable.escape(note)).append("</p>\n");
        }
        return html.append("</div>\n").toString();
    }

    /**
     * Shows where the bytes of a file went: a row a parameter, a column a section.
     *
     * @param ledger the ledger
     * @return a {@code <div>}
     */
    public static String of(ByteLedger ledger) {
        List<String> titles = new ArrayList<>(List.of("bytes of"));
        for (Section section : Section.values()) {
            titles.add("#" + section);
        }
        titles.add("#total");
        HtmlTable table = new HtmlTable("Where the bytes went", titles);
        Map<Section, Long> shared = new EnumMap<>(ledger.bytes());
        for (WeightBytes weight : ledger.weights()) {
            weight.bytes().forEach((section, bytes) -> shared.merge(section, -bytes, Long::sum));
            table.row(ledgerRow(weight.path(), weight.bytes()));
        }
        table.row(ledgerRow("(shared)", shared));
        table.lastRow(ledgerRow("the file", ledger.bytes()));
        return "<div class=\"bonsai-ledger\">\n" + table + "</div>\n";
    }

    private static List<String> ledgerRow(String name, Map<Section, Long> bytes) {
        List<String> cells = new ArrayList<>(List.of(HtmlTable.code(name)));
        bytes.values().forEach(n -> cells.add(n == 0 ? "" : count(n)));
        cells.add(count(bytes.values().stream().mapToLong(Long::longValue).sum()));
        return cells;
    }

    private static String summary(CompressionReport report) {
        return String.format(
                Locale.ROOT,
                "<p><b>%s %s → %s</b>, with %.4f of the weights removed</p>\n",
                HtmlTable.escape(report.metric()),
                metric(report.baseline()),
                metric(report.achieved()),
                report.sparsity());
    }

    private static String weights(CompressionReport report) {
        HtmlTable table =
                new HtmlTable(
                        "Weights",
                        List.of("weight", "shape", "#size", "#sparsity", "#bits", "#SQNR, dB"));
        for (WeightReport weight : report.weights()) {
            table.row(
                    List.of(
                            HtmlTable.code(weight.path()),
                            HtmlTable.escape(weight.shape()),
                            count(weight.size()),
                            String.format(Locale.ROOT, "%.4f", weight.sparsity()),
                            Integer.toString(weight.bits()),
                            decibels(weight.error().sqnrDb())));
        }
        return table.toString();
    }

    private static String decibels(double sqnr) {
        return Double.isInfinite(sqnr) ? "exact" : String.format(Locale.ROOT, "%.2f", sqnr);
    }

    private static String trials(CompressionReport report) {
        HtmlTable table =
                new HtmlTable(
                        "What the gate tried",
                        List.of(
                                "#epoch",
                                "technique",
                                "asked",
                                "got",
                                "#" + report.metric(),
                                "#drop",
                                "verdict"));
        for (Trial trial : report.trials()) {
            table.row(
                    List.of(
                            Integer.toString(trial.epoch()),
                            HtmlTable.escape(trial.technique()),
                            HtmlTable.escape(trial.asked()),
                            HtmlTable.escape(trial.got()),
                            metric(trial.metric()),
                            Double.isFinite(trial.drop())
                                    ? String.format(Locale.ROOT, "%+.4f", trial.drop())
                                    : "–",
                            badge(trial.verdict())));
        }
        return table.toString();
    }

    private static String badge(Verdict verdict) {
        return String.format(
                "<span style=\"background:%s;color:#fff;border-radius:3px;padding:1px 6px;"
                        + "white-space:nowrap\">%s</span>",
                Palette.hex(Palette.of(verdict)), Palette.name(verdict));
    }

    private static String metric(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "–";
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
