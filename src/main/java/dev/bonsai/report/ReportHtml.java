package dev.bonsai.report;

import dev.bonsai.file.ByteLedger;
import dev.bonsai.file.ByteLedger.WeightBytes;
import dev.bonsai.file.Section;
import dev.bonsai.gate.Trial;
import dev.bonsai.gate.Verdict;
import dev.bonsai.text.Numbers;
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
     * Shows where the bytes of a file went: a row per parameter, a column per section.
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
        bytes.values().forEach(n -> cells.add(n == 0 ? "" : Numbers.count(n)));
        cells.add(Numbers.count(bytes.values().stream().mapToLong(Long::longValue).sum()));
        return cells;
    }

    private static String summary(CompressionReport report) {
        StringBuilder html = new StringBuilder();
        html.append(
                String.format(
                        Locale.ROOT,
                        "<p><b>%s %s → %s</b>, with %s of the weights removed</p>\n",
                        HtmlTable.escape(report.metric()),
                        Numbers.metric(report.baseline()),
                        Numbers.metric(report.achieved()),
                        Numbers.fraction(report.sparsity())));
        if (report.size().isKnown()) {
            html.append("<p>").append(ReportText.size(report.size()).replace("->", "→"));
            html.append("</p>\n");
        }
        for (NetworkCost cost : report.network().stream().toList()) {
            for (String line : ReportText.network(cost)) {
                html.append("<p>").append(HtmlTable.escape(line).replace("-&gt;", "→"));
                html.append("</p>\n");
            }
        }
        if (report.time().total() > 0) {
            html.append("<p>").append(ReportText.time(report.time())).append("</p>\n");
        }
        return html.toString();
    }

    private static String weights(CompressionReport report) {
        HtmlTable table =
                new HtmlTable(
                        "What became of the weights",
                        List.of(
                                "weight",
                                "shape",
                                "#size",
                                "#sparsity",
                                "#bits",
                                "#SQNR dB",
                                "#bytes"));
        for (WeightReport weight : report.weights()) {
            List<String> cells = new ArrayList<>(escaped(ReportText.cells(weight)));
            cells.set(0, HtmlTable.code(weight.path()));
            table.row(cells);
        }
        if (!report.weights().isEmpty()) {
            table.lastRow(escaped(ReportText.total(report)));
        }
        return table.toString();
    }

    private static List<String> escaped(List<String> cells) {
        return cells.stream().map(HtmlTable::escape).toList();
    }

    /** The verdict stands at the left, where it is on the page of a phone too. */
    private static String trials(CompressionReport report) {
        HtmlTable table =
                new HtmlTable(
                        "What the gate tried",
                        List.of(
                                "#epoch",
                                "verdict",
                                "technique",
                                "asked",
                                "got",
                                "#" + report.metric(),
                                "#drop"));
        for (Trial trial : report.trials()) {
            table.row(
                    List.of(
                            Integer.toString(trial.epoch()),
                            badge(trial.verdict()),
                            HtmlTable.escape(trial.technique()),
                            HtmlTable.escape(trial.asked()),
                            HtmlTable.escape(trial.got()),
                            Numbers.metric(trial.metric()),
                            ReportText.drop(trial)));
        }
        return table.toString();
    }

    private static String badge(Verdict verdict) {
        return String.format(
                Locale.ROOT,
                "<span style=\"background:%s;color:#fff;border-radius:3px;padding:1px 6px;"
                        + "white-space:nowrap\">%s</span>",
                Palette.hex(Palette.of(verdict)),
                Palette.name(verdict));
    }
}
