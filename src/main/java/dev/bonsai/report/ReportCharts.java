package dev.bonsai.report;

import dev.bonsai.file.ByteLedger;
import dev.bonsai.file.ByteLedger.WeightBytes;
import dev.bonsai.file.Section;
import java.awt.Color;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws what a compression did. Needs XChart, an optional dependency of Bonsai's. */
public final class ReportCharts {

    static final int WIDTH = 760;

    private ReportCharts() {}

    /**
     * Draws how far the compression had come at the end of each epoch: the metric, with the gate's
     * tolerance and every trial; the sparsity; the bits of a weight. Three charts, one above the
     * other, over the same epochs. What the closing of the trainer led to stands at the last epoch
     * too.
     *
     * @param report the report of a training of at least one judged epoch
     * @return the figure
     * @throws IllegalArgumentException if the report has no epoch
     */
    public static Figure epochs(CompressionReport report) {
        if (report.epochs().isEmpty()) {
            throw new IllegalArgumentException(
                    "The report has no epoch to draw: nothing was compressed, see its notes");
        }
        return EpochCharts.of(report);
    }

    /**
     * Draws the size before and after, and where the bytes that are left went: a bar per parameter,
     * stacked by section. Parameters with less than a hundredth of the file share a bar.
     *
     * @param before the bytes of the model as it was
     * @param after the ledger of the compressed file
     * @return the figure
     */
    public static Figure sizes(long before, ByteLedger after) {
        CategoryChart total =
                ChartStyle.bars(
                        String.format(
                                Locale.ROOT, "%.0f times smaller", (double) before / after.total()),
                        "kilobytes",
                        300,
                        320);
        total.addSeries(
                        "bytes",
                        List.of(
                                "before: " + kilobytes(before),
                                "after: " + kilobytes(after.total())),
                        List.of(before / 1000.0, after.total() / 1000.0))
                .setFillColor(Palette.BLUE);
        return Figure.row(total, parts(after));
    }

    /**
     * Draws the metric against the level, a line per weight and a chart per technique, beside the
     * metric of the dense model.
     *
     * @param report the report of a sensitivity analysis
     * @return the figure
     */
    public static Figure sensitivity(SensitivityReport report) {
        return new Figure(
                report.techniques().stream().map(t -> sensitivity(report, t)).toList(), 1);
    }

    private static XYChart sensitivity(SensitivityReport report, String technique) {
        List<SensitivityReport.Row> rows =
                report.of(technique).stream().filter(r -> Double.isFinite(r.metric())).toList();
        String title = report.metric() + " with " + technique + " of one weight alone";
        XYChart chart = ChartStyle.lines(title, "level", report.metric(), WIDTH, 300);
        chart.getStyler().setLegendVisible(true);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        double[] ends =
                report.of(technique).stream().mapToDouble(r -> r.level()).sorted().toArray();
        XYSeries dense =
                chart.addSeries(
                        "dense",
                        new double[] {ends[0], ends[ends.length - 1]},
                        new double[] {report.baseline(), report.baseline()});
        ChartStyle.series(dense, Palette.GREY, SeriesMarkers.NONE);
        dense.setLineStyle(ChartStyle.DASHED);
        Map<String, List<SensitivityReport.Row>> lines = new LinkedHashMap<>();
        rows.forEach(r -> lines.computeIfAbsent(r.weight(), w -> new ArrayList<>()).add(r));
        int index = 0;
        for (Map.Entry<String, List<SensitivityReport.Row>> line : lines.entrySet()) {
            String name = ChartStyle.label(line.getKey(), lines.keySet());
            double[] x = line.getValue().stream().mapToDouble(r -> r.level()).toArray();
            double[] y = line.getValue().stream().mapToDouble(r -> r.metric()).toArray();
            Color colour = Palette.SERIES.get(index++ % Palette.SERIES.size());
            ChartStyle.series(chart.addSeries(name, x, y), colour, SeriesMarkers.CIRCLE);
        }
        return chart;
    }

    private static String kilobytes(long bytes) {
        return String.format(Locale.ROOT, bytes < 100_000 ? "%.1f kB" : "%,.0f kB", bytes / 1000.0);
    }

    private static CategoryChart parts(ByteLedger ledger) {
        Map<String, Map<Section, Long>> rows = new LinkedHashMap<>();
        Map<Section, Long> others = new EnumMap<>(ledger.bytes());
        List<String> paths = ledger.weights().stream().map(WeightBytes::path).toList();
        for (WeightBytes weight : ledger.weights()) {
            if (weight.total() * 100 >= ledger.total()) {
                rows.put(ChartStyle.label(weight.path(), paths), weight.bytes());
                weight.bytes().forEach((section, n) -> others.merge(section, -n, Long::sum));
            }
        }
        rows.put("all else", others);
        CategoryChart chart = ChartStyle.bars("Where its bytes are", "kilobytes", 460, 320);
        chart.getStyler().setStacked(true);
        chart.getStyler().setLegendVisible(true);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setXAxisLabelRotation(20);
        List<String> names = new ArrayList<>(rows.keySet());
        Iterator<Color> colours = Palette.SERIES.iterator();
        for (Section section : Section.values()) {
            Color colour = colours.next(); // one per section, whichever of them are shown
            List<Double> values = rows.values().stream().map(r -> r.get(section) / 1000.0).toList();
            if (values.stream().anyMatch(v -> v > 0)) {
                chart.addSeries(section.toString(), names, values).setFillColor(colour);
            }
        }
        return chart;
    }
}
