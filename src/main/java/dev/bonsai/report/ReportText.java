package dev.bonsai.report;

import dev.bonsai.gate.Trial;
import dev.bonsai.text.Numbers;
import dev.bonsai.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows a {@link CompressionReport} as lines of text. */
final class ReportText {

    static final String NONE = "-";

    private ReportText() {}

    static String of(CompressionReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%s %s -> %s",
                        report.metric(),
                        Numbers.metric(report.baseline()),
                        Numbers.metric(report.achieved())));
        if (report.size().isKnown()) {
            lines.add(size(report.size()));
        }
        report.network().ifPresent(cost -> lines.addAll(network(cost)));
        if (report.time().total() > 0) {
            lines.add(time(report.time()));
        }
        lines.add("");
        lines.add(weights(report).toString());
        lines.add("");
        lines.add(trials(report).toString());
        report.notes().forEach(note -> lines.add("note: " + note));
        String end = System.lineSeparator();
        return String.join(end, lines) + end;
    }

    static String size(ModelSize size) {
        return String.format(
                Locale.ROOT,
                "%s bytes -> %s bytes, %s times smaller",
                Numbers.count(size.before()),
                Numbers.count(size.after()),
                ratio(size.ratio()));
    }

    static List<String> network(NetworkCost cost) {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%s parameters -> %s, %s multiply-adds -> %s (%s and %s left)",
                        Numbers.count(cost.parametersBefore()),
                        Numbers.count(cost.parametersAfter()),
                        Numbers.count(cost.multiplyAddsBefore()),
                        Numbers.count(cost.multiplyAddsAfter()),
                        Numbers.fraction(cost.parametersLeft()),
                        Numbers.fraction(cost.multiplyAddsLeft())));
        cost.kept().forEach(axes -> lines.add("not thinner: " + axes));
        return lines;
    }

    private static String ratio(double ratio) {
        return Numbers.fixed(ratio, ratio < 100 ? 1 : 0);
    }

    static String time(TrainingTime time) {
        return String.format(
                Locale.ROOT,
                "%s s of training, %s s of them in the gate",
                Numbers.fixed(time.total(), 1),
                Numbers.fixed(time.gate(), 1));
    }

    private static TextTable weights(CompressionReport report) {
        TextTable table =
                new TextTable(
                        "weight", "shape", "#size", "#sparsity", "#bits", "#SQNR dB", "#bytes");
        report.weights().forEach(weight -> table.row(cells(weight)));
        return report.weights().isEmpty() ? table : table.row(total(report));
    }

    static List<String> cells(WeightReport weight) {
        return List.of(
                weight.path(),
                weight.shape(),
                Numbers.count(weight.size()),
                Numbers.fraction(weight.sparsity()),
                Integer.toString(weight.bits()),
                decibels(weight.error().sqnrDb()),
                bytes(weight.bytes()));
    }

    /** The bits of the total are a mean, which counts the scales; its bytes are of the weights. */
    static List<String> total(CompressionReport report) {
        return List.of(
                "total",
                "",
                Numbers.count(report.elements()),
                Numbers.fraction(report.sparsity()),
                Numbers.fixed(report.bits(), 2),
                "",
                bytes(report.weights().stream().mapToLong(WeightReport::bytes).sum()));
    }

    private static String bytes(long bytes) {
        return bytes == 0 ? NONE : Numbers.count(bytes);
    }

    private static String decibels(double sqnr) {
        return sqnr == Double.POSITIVE_INFINITY ? "exact" : Numbers.fixed(sqnr, 2);
    }

    private static TextTable trials(CompressionReport report) {
        TextTable table =
                new TextTable(
                        "#epoch",
                        "technique",
                        "asked",
                        "got",
                        "#" + report.metric(),
                        "#drop",
                        "verdict");
        for (Trial trial : report.trials()) {
            table.row(
                    Integer.toString(trial.epoch()),
                    trial.technique(),
                    trial.asked(),
                    trial.got(),
                    Numbers.metric(trial.metric()),
                    drop(trial),
                    trial.verdict().toString());
        }
        return table;
    }

    /** A drop of what was not measured needs no second word for that. */
    static String drop(Trial trial) {
        return Double.isNaN(trial.drop()) ? NONE : trial.dropText();
    }
}
